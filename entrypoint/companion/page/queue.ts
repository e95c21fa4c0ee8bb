import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import { type Answer, plain, seeOther, shown } from './answer.ts';
import { ACTIONS, type Action, type Attendant } from './attendant.ts';
import { SHEET } from './mails.ts';
import type { Sources } from './sources.ts';
import { questionView, queueView } from './views/queue.ts';
import type { View } from './views/view.ts';

/** Maximum number of messages in one action. */
const MOST_AT_ONCE = 100;

/** The page with what waits, and what can be done about it. */
export class Queue {
  readonly #sources: Sources;
  readonly #attendant: Attendant;
  readonly #note: (what: string) => void;

  /** @param note writes down what is done, and who does it */
  constructor(sources: Sources, attendant: Attendant, note: (what: string) => void) {
    this.#sources = sources;
    this.#attendant = attendant;
    this.#note = note;
  }

  async list(view: View, url: URL): Promise<Answer> {
    const parameter = (name: string): string => url.searchParams.get(name) ?? '';
    const { queue, queued, now } = await this.#sources.state();
    const text = parameter('q').trim();
    const found = [...queued.values()].filter((message) => matches(message, text));
    const sheet = Math.min(numberIn(parameter('sheet')), Math.floor(found.length / SHEET));
    const all = queueView(view, {
      text,
      sheet,
      now,
      messages: found.slice(sheet * SHEET, (sheet + 1) * SHEET),
      hasMore: found.length > (sheet + 1) * SHEET,
      unlisted: Math.max(0, (queue?.total ?? 0) - queued.size),
      isKnown: queue !== null,
      areAllChosen: parameter('all') === '1',
      hasHistory: this.#sources.hasHistory,
      done: doneIn(parameter('done'), numberIn(parameter('count'))),
    });
    return shown(all);
  }

  /**
   * Performs the action of a form; a deletion needs a confirmation first.
   * @param who asks for it, for the log
   */
  async act(view: View, form: URLSearchParams, who: string): Promise<Answer> {
    const action = ACTIONS.find((one) => one === form.get('action'));
    if (form.get('action') === 'retry-all') {
      this.#note(`${who}: retry all`);
      await this.#attendant.retryAll();
      this.#sources.forgetState();
      return seeOther(view.link('/queue', { done: 'retry-all' }));
    }
    if (action === undefined) return plain(400, 'this is not an action');
    const { queued } = await this.#sources.state();
    const chosen = form.getAll('id').slice(0, MOST_AT_ONCE);
    const messages = chosen.flatMap((id) => queued.get(id) ?? []);
    if (messages.length === 0) return seeOther(view.link('/queue', { done: 'nothing' }));
    if (action === 'delete' && form.get('sure') !== 'yes') {
      return shown(questionView(view, messages));
    }
    const count = await this.#carryOut(action, messages, who);
    return seeOther(view.link('/queue', { done: action, count: String(count) }));
  }

  /** @returns to how many messages it was done */
  async #carryOut(
    action: Action,
    messages: readonly QueuedMessage[],
    who: string,
  ): Promise<number> {
    this.#note(`${who}: ${action} ${messages.map(({ id }) => id).join(' ')}`);
    const done = await Promise.all(messages.map(({ id }) => this.#attendant.act(action, id)));
    this.#sources.forgetState();
    return done.filter((isDone) => isDone).length;
  }
}

/** By its ID or a part of an address. */
function matches({ id, sender, recipients }: QueuedMessage, text: string): boolean {
  const wanted = text.toLowerCase();
  return (
    id === text ||
    [sender, ...recipients.map(({ address }) => address)].some((address) =>
      address.toLowerCase().includes(wanted),
    )
  );
}

/** A whole number; 0 for anything else. */
export const numberIn = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

/** The action in an address: only words of a fixed list. */
const DONE = [...ACTIONS, 'retry-all', 'nothing'] as const;
export type Done = { readonly what: (typeof DONE)[number]; readonly count: number };

function doneIn(word: string, count: number): Done | undefined {
  const what = DONE.find((one) => one === word);
  return what && { what, count };
}
