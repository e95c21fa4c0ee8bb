import type { LogEvent } from '../../log/event.ts';
import type { Expected } from '../../settings/settings.ts';
import {
  type Concern,
  expectedName,
  failedConcerns,
  isExpected,
  missingConcerns,
  saysFailed,
} from './watch.ts';

/** The state that must survive a restart, by the name of the expectation. */
export interface Expectation {
  /** When the mail came last, in seconds since 1970. */
  readonly last: number;
  /** The subject of the last mail, if it said that something failed. */
  readonly failed?: string | undefined;
}

export type ExpectationState = Readonly<Record<string, Expectation>>;

/** Messages of which not all lines have come yet; more are forgotten, the oldest first. */
const MOST_OPEN = 1_000;

/** A larger difference means that the clock was set. */
const JUMP = 60;

/** Mail that should come: when it came last, and whether it said that something failed. */
export class Expectations {
  readonly #expected: readonly Expected[];
  #state: ExpectationState;
  readonly #clients = new Map<string, string>();
  readonly #subjects = new Map<string, string>();

  /** The period of a new expectation begins now. @param now seconds since 1970 */
  constructor(expected: readonly Expected[], before: ExpectationState, now: number) {
    this.#expected = expected;
    this.#state = Object.fromEntries(
      expected.map((one) => {
        const name = expectedName(one);
        return [name, before[name] ?? { last: now }];
      }),
    );
  }

  get state(): ExpectationState {
    return this.#state;
  }

  hear(event: LogEvent): void {
    if (this.#expected.length === 0) return;
    if (event.kind === 'client') remember(this.#clients, event.id, event.client);
    if (event.kind === 'queued') this.#arrived(event.id, event.from, event.time.getTime() / 1000);
  }

  /** The first one counts: the mail may have others attached. */
  hearSubject(id: string, subject: string): void {
    if (!this.#subjects.has(id)) remember(this.#subjects, id, subject);
  }

  #arrived(id: string, from: string, last: number): void {
    const message = { from, client: this.#clients.get(id) };
    const subject = this.#subjects.get(id) ?? '';
    this.#clients.delete(id);
    this.#subjects.delete(id);
    for (const expected of this.#expected) {
      if (!isExpected(expected, message)) continue;
      const failed = saysFailed(expected, subject) ? subject : undefined;
      this.#state = { ...this.#state, [expectedName(expected)]: { last, failed } };
    }
  }

  /** Shifts all times after the clock was set. @param seconds by which it was set */
  clockWasSet(seconds: number): void {
    if (Math.abs(seconds) < JUMP) return;
    this.#state = Object.fromEntries(
      Object.entries(this.#state).map(([name, one]) => [
        name,
        { ...one, last: one.last + seconds },
      ]),
    );
  }

  /** @param now seconds since 1970 */
  concerns(now: number): readonly Concern[] {
    const seen = this.#expected.map((expected) => ({
      expected,
      ...(this.#state[expectedName(expected)] ?? { last: now }),
    }));
    return [...missingConcerns(seen, now), ...failedConcerns(seen)];
  }
}

function remember(map: Map<string, string>, id: string, value: string): void {
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MOST_OPEN && oldest !== undefined) map.delete(oldest);
}
