import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HistoryMessage, isHistoryStatus, laterIdsOf } from '../../log/history-message.ts';
import { storiesInQueue } from '../../log/queue-stories.ts';
import { Stories } from '../../log/stories.ts';
import type { Story } from '../../log/story.ts';
import type { PageSettings } from '../../render/page-file.ts';
import { historyEntry } from '../../reports/history/history-report.ts';
import { type StoryReport, storyReport } from '../../reports/trace/story-report.ts';
import type { History } from '../recorder/history.ts';
import { tell } from '../recorder/tell.ts';
import { CONTENT_TYPE } from './exposition.ts';
import type { Gate } from './gate.ts';
import type { Html } from './html.ts';
import { metrics } from './metrics.ts';
import { configurationHash, HistoryAway, type Sources } from './sources.ts';
import { STYLE, STYLE_PATH } from './style.ts';
import { historyView, type Query } from './views/history.ts';
import type { Listed } from './views/mail-table.ts';
import { overview } from './views/overview.ts';
import { storyView } from './views/story.ts';
import { messageView, type View, viewOf } from './views/view.ts';
import { languageOf } from './words.ts';

/** Nothing from elsewhere, no script, in nobody's frame; what is shown stays out of caches. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const TEXT = 'text/plain; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LAST_MAIL = 10;
const SHEET = 50;
const MOST_SHEETS = 10_000;

/** From a request to its answer. */
export class Site {
  readonly #gate: Gate;
  readonly #sources: Sources;
  readonly #settings: PageSettings;

  constructor(gate: Gate, sources: Sources, settings: PageSettings) {
    this.#gate = gate;
    this.#sources = sources;
    this.#settings = settings;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = await this.#gate.refusal(request);
    const { status, type, body, headers } =
      refused === undefined
        ? await this.#found(request)
        : { ...refused, type: TEXT, body: `${refused.text}\n` };
    const bytes = Buffer.from(body);
    response.writeHead(status, {
      ...HEADERS,
      'content-type': type,
      'content-length': bytes.length,
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  async #found({ url = '/', headers }: IncomingMessage): Promise<Answer> {
    // Whatever the address looks like, it is one of this site.
    const parsed = URL.parse(`http://page${url}`);
    if (parsed === null) return { status: 400, type: TEXT, body: 'not an address\n' };
    const asked = parsed.searchParams.get('lang');
    const language = languageOf(asked, headers['accept-language']);
    const view = viewOf(parsed, language, asked !== null, STYLE_PATH);
    switch (parsed.pathname) {
      case '/':
        return shown(await this.#overview(view));
      case '/history':
        return this.#withHistory(view, (history) => this.#list(view, parsed, history));
      case '/mail': {
        const { queued } = await this.#sources.state();
        return this.#withHistory(view, (history) => {
          const [message] = history.messages({ number: numberIn(parsed, 'number'), most: 1 });
          if (message === undefined) return shown(messageView(view, view.words.notFound), 404);
          return shown(storyView(view, this.#story(message, history, queued)));
        });
      }
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
    const nothing = { state, lately: null, lastMail: null };
    if (!this.#sources.hasHistory) return overview(view, { ...nothing, isHistoryAway: false });
    try {
      const lately = await this.#sources.lately();
      const last = this.#sources.ask((history) => history.messages({ most: LAST_MAIL }));
      return overview(view, { state, lately, lastMail: last.map(listed), isHistoryAway: false });
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

  #list(view: View, url: URL, history: History): Answer {
    const query: Query = {
      text: (url.searchParams.get('q') ?? '').trim(),
      status: url.searchParams.get('status') ?? '',
      sheet: Math.min(numberIn(url, 'sheet'), MOST_SHEETS),
    };
    const messages = search(history, query);
    const some = messages.slice(0, SHEET).map(listed);
    return shown(historyView(view, query, some, messages.length > SHEET));
  }

  /** What the history and the queue tell of a message. */
  #story(
    message: HistoryMessage,
    history: History,
    queued: Awaited<ReturnType<Sources['state']>>['queued'],
  ): StoryReport {
    const ended: Story[] = [];
    const stories = new Stories({
      ended: (story) => void ended.push(story),
      refused: () => {},
      keepsAttempts: () => true,
    });
    const now = new Date();
    tell(stories, history, { messages: [message], since: now });
    stories.close();
    const later = laterIdsOf(message.events);
    const ids = message.status === 'sent' ? [] : [...later, message.queueId];
    const inQueue = ids.map((id) => queued.get(id)).find((one) => one !== undefined);
    const open = stories.open;
    const all = [...ended, ...open];
    if (inQueue !== undefined) storiesInQueue(open, [inQueue], []);
    const story = all.find(({ id }) => id === message.queueId);
    if (story === undefined) throw new Error('a message of the history has no event');
    return storyReport(story, {
      servers: this.#sources.servers,
      queueKnown: false,
      leavesAs: (address) => address,
      sentAs: () => undefined,
      now,
    });
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
        configuration: configurationHash(),
      };
      return { status: 200, type: CONTENT_TYPE, body: metrics(seen, this.#settings) };
    } catch (fault) {
      // Counters that are gone for a moment would look like a reset.
      if (!(fault instanceof HistoryAway)) throw fault;
      return { status: 503, type: TEXT, body: 'the history cannot be read now\n' };
    }
  }
}

const shown = (content: Html, status = 200): Answer => ({
  status,
  type: 'text/html; charset=utf-8',
  body: content.text,
});

const listed = (message: HistoryMessage): Listed => ({
  ...historyEntry(message),
  number: message.id,
});

/** A whole number from the address; 0 for anything else. */
function numberIn(url: URL, name: string): number {
  const text = url.searchParams.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** One more than a sheet, which tells whether there is another. */
function search(history: History, { text, status, sheet }: Query): readonly HistoryMessage[] {
  const wanted = {
    ...(isHistoryStatus(status) ? { status } : {}),
    skip: sheet * SHEET,
    most: SHEET + 1,
  };
  if (text === '') return history.messages(wanted);
  const byId = history.messages({ ...wanted, id: text });
  return byId.length > 0 ? byId : history.messages({ ...wanted, address: text });
}
