import type { LogEvent } from '../../log/event.ts';
import { endOf, type HistoryMessage, laterIdsOf } from '../../log/history-message.ts';
import type { NewMessage } from './history.ts';

/** A message with many attempts keeps only its first and last events. */
const MOST_EVENTS = 60;
const FIRST_EVENTS = 20;

interface Open {
  id: number | undefined;
  readonly queueId: string;
  readonly start: Date;
  events: readonly LogEvent[];
  hasEnded: boolean;
}

/** Maximum number of messages in memory; the history has the others. */
const MOST_HELD = 2_000;

/**
 * The messages that the log speaks of now, each with its events. Postfix uses IDs again, so a
 * message that comes in under the ID of one that has left is another.
 */
export class Messages {
  /** By each of their IDs, those that the log spoke of last at the end. */
  readonly #held = new Map<string, Open>();
  readonly #changed = new Set<Open>();
  readonly #joined: number[] = [];
  readonly #find: (queueId: string) => HistoryMessage | undefined;

  /** @param find finds a message that has not left in the history, by one of its IDs */
  constructor(find: (queueId: string) => HistoryMessage | undefined) {
    this.#find = find;
  }

  /** Adds an event to its message. */
  hear(event: LogEvent): void {
    const queueId = event.id;
    if (queueId === undefined) return;
    const message = this.#messageOf(queueId, event);
    message.events = shortened([...message.events, event]);
    if (event.kind === 'attempt') this.#join(message, event.handedTo);
    message.hasEnded = endOf(message.queueId, message.events) !== undefined;
    this.#changed.add(message);
  }

  /** The changes since the last call. */
  takeChanged(): readonly NewMessage[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed.map(({ id, queueId, start, events }) => ({ id, queueId, start, events }));
  }

  /** The numbers of messages that turned out to be parts of others, since it was asked for last. */
  takeJoined(): readonly number[] {
    return this.#joined.splice(0);
  }

  /** Takes note of the numbers that messages were kept under. */
  kept(messages: readonly NewMessage[]): void {
    for (const { id, queueId, start } of messages) {
      const held = this.#held.get(queueId);
      if (held?.start === start) held.id = id;
    }
    this.#letGo();
  }

  #messageOf(queueId: string, event: LogEvent): Open {
    const isFirst = event.kind === 'client' || event.kind === 'program';
    const known = isFirst ? undefined : this.#known(queueId);
    const isAnother = known?.hasEnded === true && event.kind === 'message-id';
    const message =
      known !== undefined && !isAnother
        ? known
        : { id: undefined, queueId, start: event.time, events: [], hasEnded: false };
    this.#hold(queueId, message);
    return message;
  }

  #known(queueId: string): Open | undefined {
    const held = this.#held.get(queueId);
    if (held !== undefined) return held;
    const found = this.#find(queueId);
    if (found === undefined) return undefined;
    const message = { ...found, hasEnded: false };
    for (const id of idsOf(message)) this.#hold(id, message);
    return message;
  }

  #hold(queueId: string, message: Open): void {
    this.#held.delete(queueId);
    this.#held.set(queueId, message);
  }

  /** A message goes on under another ID; what was heard of that already is its own. */
  #join(message: Open, laterId: string | undefined): void {
    if (laterId === undefined) return;
    const part = this.#known(laterId);
    this.#hold(laterId, message);
    if (part === undefined || part === message) return;
    message.events = shortened([...message.events, ...part.events]);
    this.#changed.delete(part);
    if (part.id !== undefined) this.#joined.push(part.id);
  }

  #letGo(): void {
    for (const message of this.#held.values()) {
      if (this.#held.size <= MOST_HELD) return;
      for (const id of idsOf(message)) if (this.#held.get(id) === message) this.#held.delete(id);
    }
  }
}

const idsOf = ({ queueId, events }: Open): readonly string[] => [queueId, ...laterIdsOf(events)];

/** Events that connect the IDs of one message are kept. */
const shortened = (events: readonly LogEvent[]): readonly LogEvent[] => {
  const last = events.length - (MOST_EVENTS - FIRST_EVENTS);
  return events.length <= MOST_EVENTS
    ? events
    : events.filter(
        (event, index) =>
          index < FIRST_EVENTS ||
          index >= last ||
          event.kind === 'removed' ||
          (event.kind === 'attempt' && event.handedTo !== undefined),
      );
};
