import type { LogEvent } from '../../log/event.ts';
import { endOf, type HistoryMessage, laterIdsOf } from '../../log/history-message.ts';
import type { NewMessage } from './history.ts';

/** Of a message that is tried again and again, the first and the last events are kept. */
const MOST_EVENTS = 60;
const FIRST_EVENTS = 20;

interface Open {
  id: number | undefined;
  readonly queueId: string;
  readonly start: Date;
  events: readonly LogEvent[];
  hasEnded: boolean;
}

/** After this many, those that ended longest ago are let go of: no line will speak of them. */
const LINGERING = 500;

/**
 * The messages that the log speaks of now, each with its events. Postfix uses IDs again, so a
 * message that comes in under the ID of one that has left is another.
 */
export class Messages {
  readonly #open = new Map<string, Open>();
  readonly #changed = new Set<Open>();
  readonly #joined: number[] = [];

  /** @param waiting those that had not left when the recorder ended */
  constructor(waiting: readonly HistoryMessage[]) {
    for (const message of waiting) {
      const open = { ...message, hasEnded: false };
      for (const id of [message.queueId, ...laterIdsOf(message.events)]) this.#open.set(id, open);
    }
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

  /** What has changed since it was asked for last. */
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
      const open = this.#open.get(queueId);
      if (open?.start === start) open.id = id;
    }
    this.#letGo();
  }

  #messageOf(queueId: string, event: LogEvent): Open {
    const known = this.#open.get(queueId);
    const isFirst = event.kind === 'client' || event.kind === 'program';
    const isAnother = known?.hasEnded === true && event.kind === 'message-id';
    if (known !== undefined && !isFirst && !isAnother) return known;
    const message = { id: undefined, queueId, start: event.time, events: [], hasEnded: false };
    this.#open.delete(queueId);
    this.#open.set(queueId, message);
    return message;
  }

  /** A message goes on under another ID; what was heard of that already is its own. */
  #join(message: Open, laterId: string | undefined): void {
    if (laterId === undefined) return;
    const part = this.#open.get(laterId);
    this.#open.set(laterId, message);
    if (part === undefined || part === message) return;
    message.events = shortened([...message.events, ...part.events]);
    this.#changed.delete(part);
    if (part.id !== undefined) this.#joined.push(part.id);
  }

  #letGo(): void {
    const ended = [...this.#open].filter(([, { hasEnded }]) => hasEnded);
    for (const [id] of ended.slice(0, Math.max(0, ended.length - LINGERING))) {
      this.#open.delete(id);
    }
  }
}

/** What tells under which IDs a message went on is kept. */
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
