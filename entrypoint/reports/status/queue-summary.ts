import type { Trouble } from '../../advice/trouble.ts';
import { type QueuedMessage, reasonOf } from '../../postfix/queue-entry.ts';
import type { Server } from '../../probe/servers.ts';
import { type Waiting, WaitingGroups } from './waiting.ts';

/** How many messages have waited about so long: `under an hour`. */
export interface AgeCount {
  readonly age: string;
  readonly count: number;
}

const AGES: readonly (readonly [age: string, limitSeconds: number])[] = [
  ['under an hour', 3_600],
  ['under a day', 86_400],
  ['older', Number.POSITIVE_INFINITY],
];

/** Mail of one kind: how many, and since when the oldest of it is here (seconds since 1970). */
export interface Count {
  readonly count: number;
  readonly since: number;
}

const NONE: Count = { count: 0, since: Number.POSITIVE_INFINITY };

/** Summarizes a queue message by message without keeping the messages, which may be thousands. */
export class QueueSummary {
  /** Messages without an attempt, or in delivery. */
  untried: Count = NONE;
  held: Count = NONE;
  /** Tried, and put off. */
  deferred: Count = NONE;
  readonly #ages = new Map<string, number>();
  readonly #waiting: WaitingGroups;
  readonly #now: number;

  /** @param now in seconds since 1970 */
  constructor(
    servers: readonly Server[],
    explain: (reason: string) => Trouble | undefined,
    now: number,
  ) {
    this.#waiting = new WaitingGroups(servers, explain);
    this.#now = now;
  }

  add(message: QueuedMessage): void {
    const { arrival, queue } = message;
    const age = AGES.find(([, limit]) => this.#now - arrival < limit)?.[0] ?? 'older';
    this.#ages.set(age, (this.#ages.get(age) ?? 0) + 1);
    const more = ({ count, since }: Count): Count => ({
      count: count + 1,
      since: Math.min(since, arrival),
    });
    const reason = reasonOf(message);
    if (reason !== undefined) this.#waiting.add(message, reason);
    if (queue === 'hold') this.held = more(this.held);
    else if (reason === undefined) this.untried = more(this.untried);
    else this.deferred = more(this.deferred);
  }

  get total(): number {
    return this.untried.count + this.held.count + this.deferred.count;
  }

  /** An age that no message has is left out. */
  get byAge(): readonly AgeCount[] {
    return AGES.flatMap(([age]) => {
      const count = this.#ages.get(age);
      return count === undefined ? [] : [{ age, count }];
    });
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting.all;
  }
}
