import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageSettings } from '../../render/page-file.ts';
import type { History } from '../recorder/history.ts';
import { type Answer, HEADERS, plain, seeOther, shown } from './answer.ts';
import type { Attendant } from './attendant.ts';
import type { Checks } from './checks.ts';
import { CONTENT_TYPE } from './exposition.ts';
import type { Forms } from './forms.ts';
import { type Gate, plainAddress } from './gate.ts';
import type { Html } from './html.ts';
import { listed, queuedAs, SHEET, search, storyOf } from './mails.ts';
import { metrics } from './metrics.ts';
import { numberIn, type Queue } from './queue.ts';
import { configurationHash, HistoryAway, queueDisk, type Sources } from './sources.ts';
import { STYLE, STYLE_PATH } from './style.ts';
import { accountsView } from './views/accounts.ts';
import { checksView } from './views/checks.ts';
import { historyView, type Query } from './views/history.ts';
import { overview } from './views/overview.ts';
import { storyView } from './views/story.ts';
import { messageView, type View, viewOf } from './views/view.ts';
import { languageOf } from './words.ts';

/** The paths that accept forms. */
const POSTED = ['/queue', '/checks'];

const LAST_MAIL = 10;
const MOST_SHEETS = 10_000;

/** From a request to its answer. */
export class Site {
  readonly #gate: Gate;
  readonly #forms: Forms;
  readonly #queue: Queue;
  readonly #checks: Checks;
  readonly #attendant: Attendant;
  readonly #sources: Sources;
  readonly #settings: PageSettings;

  constructor(parts: {
    readonly gate: Gate;
    readonly forms: Forms;
    readonly queue: Queue;
    readonly checks: Checks;
    readonly attendant: Attendant;
    readonly sources: Sources;
    readonly settings: PageSettings;
  }) {
    this.#gate = parts.gate;
    this.#forms = parts.forms;
    this.#queue = parts.queue;
    this.#checks = parts.checks;
    this.#attendant = parts.attendant;
    this.#sources = parts.sources;
    this.#settings = parts.settings;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = await this.#gate.refusal(request);
    const { status, type, body, headers } =
      refused === undefined
        ? await this.#found(request)
        : plain(refused.status, refused.text, refused.headers);
    const bytes = Buffer.from(body);
    response.writeHead(status, {
      ...HEADERS,
      'content-type': type,
      'content-length': bytes.length,
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  async #found(request: IncomingMessage): Promise<Answer> {
    // Whatever the address looks like, it is one of this site.
    const parsed = URL.parse(`http://page${request.url ?? '/'}`);
    if (parsed === null) return plain(400, 'not an address');
    return request.method === 'POST' ? this.#posted(request, parsed) : this.#got(request, parsed);
  }

  #viewOf({ headers }: IncomingMessage, url: URL, asked: string | null): View {
    const language = languageOf(asked, headers['accept-language']);
    const token = this.#gate.mayAct ? this.#forms.token : undefined;
    return viewOf(url, { language, isAsked: asked !== null, style: STYLE_PATH, token });
  }

  async #posted(request: IncomingMessage, url: URL): Promise<Answer> {
    if (!POSTED.includes(url.pathname))
      return plain(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    const form = await this.#forms.read(request);
    if ('status' in form) return plain(form.status, form.text, form.headers);
    const view = this.#viewOf(request, url, form.get('lang'));
    if (url.pathname === '/checks') {
      await this.#checks.look(this.#attendant);
      return seeOther(view.link('/checks'));
    }
    const who = `${this.#settings.username} at ${plainAddress(request.socket.remoteAddress ?? '')}`;
    return this.#queue.act(view, form, who);
  }

  async #got(request: IncomingMessage, url: URL): Promise<Answer> {
    const view = this.#viewOf(request, url, url.searchParams.get('lang'));
    switch (url.pathname) {
      case '/':
        return shown(await this.#overview(view));
      case '/queue':
        return this.#queue.list(view, url);
      case '/history':
        return this.#withHistory(view, (history) => list(view, url, history));
      case '/mail': {
        const { queued } = await this.#sources.state();
        return this.#withHistory(view, (history) => {
          const number = numberIn(url.searchParams.get('number') ?? '');
          const [message] = history.messages({ number, most: 1 });
          if (message === undefined) return shown(messageView(view, view.words.notFound), 404);
          const inQueue = queuedAs(message, queued);
          const story = storyOf(message, history, inQueue, this.#sources.servers);
          return shown(storyView(view, story, inQueue?.id));
        });
      }
      case '/accounts':
        return shown(accountsView(view, await this.#sources.ways()));
      case '/checks':
        return shown(checksView(view, this.#checks));
      case '/metrics':
        return this.#metrics();
      case STYLE_PATH:
        return {
          status: 200,
          type: 'text/css; charset=utf-8',
          body: STYLE,
          headers: { 'cache-control': 'private, max-age=31536000, immutable' },
        };
      default:
        return shown(messageView(view, view.words.notFound), 404);
    }
  }

  async #overview(view: View): Promise<Html> {
    const state = await this.#sources.state();
    const nothing = { state, lately: null, lastMail: null, wrong: this.#checks.wrong };
    if (!this.#sources.hasHistory) return overview(view, { ...nothing, isHistoryAway: false });
    try {
      const lately = await this.#sources.lately();
      const last = this.#sources.ask((history) => history.messages({ most: LAST_MAIL }));
      const lastMail = last.map(listed);
      return overview(view, { ...nothing, lately, lastMail, isHistoryAway: false });
    } catch (fault) {
      if (!(fault instanceof HistoryAway)) throw fault;
      return overview(view, { ...nothing, isHistoryAway: true });
    }
  }

  #withHistory(view: View, answer: (history: History) => Answer): Answer {
    if (!this.#sources.hasHistory) return shown(messageView(view, view.words.noHistory), 404);
    try {
      return this.#sources.ask(answer);
    } catch (fault) {
      if (!(fault instanceof HistoryAway)) throw fault;
      return shown(messageView(view, view.words.historyAway), 503);
    }
  }

  async #metrics(): Promise<Answer> {
    const { isRunning, queues, now } = await this.#sources.state();
    try {
      const seen = {
        isRunning,
        queues,
        now,
        counters: this.#sources.counters(),
        endings: this.#sources.endings(),
        disk: queueDisk(),
        configuration: configurationHash(),
      };
      return { status: 200, type: CONTENT_TYPE, body: metrics(seen, this.#settings) };
    } catch (fault) {
      // Counters that are gone for a moment would look like a reset.
      if (!(fault instanceof HistoryAway)) throw fault;
      return plain(503, 'the history cannot be read now');
    }
  }
}

function list(view: View, { searchParams }: URL, history: History): Answer {
  const query: Query = {
    text: (searchParams.get('q') ?? '').trim(),
    status: searchParams.get('status') ?? '',
    sheet: Math.min(numberIn(searchParams.get('sheet') ?? ''), MOST_SHEETS),
  };
  const messages = search(history, query);
  const some = messages.slice(0, SHEET).map(listed);
  return shown(historyView(view, query, some, messages.length > SHEET));
}
