import { createHash } from 'node:crypto';
import { type Alert, pulseOf, type Request, targetOf } from '../../settings/alert-target.ts';

/** Alerts that an address has not taken yet, by a hash of the address, which may hold a token. */
export type Undelivered = Readonly<Record<string, readonly Alert[]>>;

/** Sends a message; returns the failure, or undefined after success. */
export type Send = (request: Request) => Promise<string | undefined>;

/** How many looks lie between two attempts at an address that fails; at half a minute each, 16 min. */
const MOST_LOOKS = 32;

/** More are not worth reading when the address is there again. */
const MOST_WAITING = 50;

/** A monitor hears so often that all is well, in seconds. */
const PULSE_EVERY = 300;

/** A monitor that did not answer is tried again after so long. */
const AGAIN = 60;

interface Address {
  readonly address: string;
  readonly id: string;
  waiting: readonly Alert[];
  /** How many attempts failed in a row, and how many looks are still to be waited. */
  failures: number;
  pause: number;
}

/** Brings alerts to each address by itself: one that is away does not keep them from the others. */
export class Outbox {
  readonly #addresses: readonly Address[];
  readonly #send: Send;
  readonly #warn: (line: string) => void;
  #lastPulse = '';
  #sincePulse = Number.POSITIVE_INFINITY;

  constructor(
    addresses: readonly string[],
    before: Undelivered,
    send: Send,
    warn: (line: string) => void,
  ) {
    this.#addresses = addresses.map((address) => {
      const id = createHash('sha256').update(address).digest('base64url').slice(0, 16);
      return { address, id, waiting: before[id] ?? [], failures: 0, pause: 0 };
    });
    this.#send = send;
    this.#warn = warn;
  }

  get undelivered(): Undelivered {
    return Object.fromEntries(
      this.#addresses
        .filter(({ waiting }) => waiting.length > 0)
        .map((one) => [one.id, one.waiting]),
    );
  }

  add(alert: Alert): void {
    for (const one of this.#addresses) {
      if (targetOf(one.address) !== undefined) {
        one.waiting = [...withoutPair(one.waiting, alert)].slice(-MOST_WAITING);
      }
    }
  }

  /** Tries what waits, all addresses at once. */
  async flush(): Promise<void> {
    await Promise.all(this.#addresses.map((one) => this.#flush(one)));
  }

  async #flush(one: Address): Promise<void> {
    const target = targetOf(one.address);
    if (target === undefined || one.waiting.length === 0) return;
    if (one.pause > 0) {
      one.pause -= 1;
      return;
    }
    for (const alert of one.waiting) {
      if (!this.#noted(one, await this.#send(target(alert)))) return;
      one.waiting = one.waiting.slice(1);
    }
  }

  /**
   * Tells monitors how it is: at once when that has changed, and every few minutes.
   * @param wrong titles of the current concerns
   * @param every how many seconds lie between two looks
   */
  async pulse(wrong: readonly string[], every: number): Promise<void> {
    this.#sincePulse += every;
    const state = wrong.join('\n');
    if (state === this.#lastPulse && this.#sincePulse < PULSE_EVERY) return;
    this.#lastPulse = state;
    this.#sincePulse = 0;
    const heard = await Promise.all(
      this.#addresses.map(async (one) => {
        const request = pulseOf(one.address)?.(wrong);
        return request === undefined || this.#noted(one, await this.#send(request));
      }),
    );
    if (heard.includes(false)) this.#sincePulse = PULSE_EVERY - AGAIN;
  }

  /** A line when an address begins to fail, and one when it takes alerts again. */
  #noted(one: Address, failure: string | undefined): boolean {
    if (failure === undefined) {
      if (one.failures > 0) this.#warn('alerts: an address that failed takes alerts again');
      one.failures = 0;
      return true;
    }
    if (one.failures === 0) this.#warn(`alerts: ${failure}; it is tried again`);
    one.pause = Math.min(2 ** one.failures, MOST_LOOKS) - 1;
    one.failures += 1;
    return false;
  }
}

/** Drops concerns that began and ended while the address was unreachable. */
function withoutPair(waiting: readonly Alert[], alert: Alert): readonly Alert[] {
  const began = waiting.findIndex(({ key, isOver }) => key === alert.key && !isOver);
  return alert.isOver && began >= 0 ? waiting.toSpliced(began, 1) : [...waiting, alert];
}
