/**
 * Tells once when something is wrong, and once when it is well again.
 *
 *   watch.ts          what is seen -> concerns (pure)
 *   expectations.ts   mail that should come
 *   told.ts           concerns -> alerts to send now (pure)
 *   outbox.ts         brings it to each address
 *   world.ts          the queue, the disk, the clock and the network
 */
import type { Kind } from '../../advice/trouble.ts';
import { CommandFailed } from '../../cli/errors.ts';
import type { LogEvent } from '../../log/event.ts';
import type { Alert } from '../../settings/alert-target.ts';
import type { Alerts } from '../../settings/settings.ts';
import { Expectations } from './expectations.ts';
import { Outbox } from './outbox.ts';
import { type AllTold, nextTurn } from './told.ts';
import {
  bounceConcerns,
  type Concern,
  diskConcerns,
  expiryConcerns,
  type FailedLogin,
  guessingConcerns,
  settingsConcerns,
  waitingConcerns,
} from './watch.ts';
import type { World } from './world.ts';

/** How often it looks; more often for mail that may wait for less than a minute. */
const lookEvery = (after: number): number => Math.min(30, Math.max(1, after / 2));

const TEN_MINUTES = 600_000;
const HOUR = 3_600_000;

/** More in ten minutes, or an hour, say no more. */
const MOST_REMEMBERED = 10_000;

/** A wrong login, or an unchecked one after too many wrong ones. */
const GUESSES: readonly Kind[] = ['client-login-failed', 'client-guessing'];

export class Alerter {
  readonly #alerts: Alerts;
  readonly #relay: string;
  readonly #world: World;
  readonly #expectations: Expectations;
  readonly #outbox: Outbox;
  /** In seconds. */
  readonly #every: number;
  #told: AllTold;
  #clock: { readonly wall: number; readonly steady: number };
  #failedLogins: readonly (FailedLogin & { readonly time: number })[] = [];
  #bounced: readonly { readonly to: string; readonly reason: string; readonly time: number }[] = [];

  constructor(alerts: Alerts, relay: string, world: World) {
    this.#alerts = alerts;
    this.#relay = relay;
    this.#world = world;
    this.#every = lookEvery(alerts.after);
    const { told = {}, expected = {}, undelivered = {} } = world.readState();
    this.#told = told;
    this.#clock = world.clock();
    this.#expectations = new Expectations(alerts.expect, expected, this.#clock.wall / 1000);
    this.#outbox = new Outbox(alerts.to, undelivered, world.send, world.warn);
  }

  /** Takes note of an event of the log. */
  hear(event: LogEvent): void {
    const time = event.time.getTime();
    if (event.kind === 'refused' && GUESSES.includes(event.trouble.kind)) {
      const { client = 'unknown', login } = event;
      this.#failedLogins = [...this.#failedLogins, { client, login, time }].slice(-MOST_REMEMBERED);
    }
    if (event.kind === 'attempt' && (event.status === 'bounced' || event.status === 'expired')) {
      const { to, reason } = event;
      this.#bounced = [...this.#bounced, { to, reason, time }].slice(-MOST_REMEMBERED);
    }
    this.#expectations.hear(event);
  }

  /** Takes note of the subject of a message that comes in. */
  hearSubject(id: string, subject: string): void {
    this.#expectations.hearSubject(id, subject);
  }

  /** Repeats the look until the process ends; a failed look causes a warning. */
  async keepLooking(): Promise<never> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.#every * 1000));
      try {
        await this.look();
      } catch (fault) {
        if (!(fault instanceof CommandFailed)) throw fault;
        this.#world.warn(`alerts: ${fault.message}`);
      }
    }
  }

  /** Looks once, and tells what there is to tell. */
  async look(): Promise<void> {
    const now = this.#now();
    const concerns = await this.#concerns(now);
    const { raised, over, told } = nextTurn(this.#told, concerns, this.#every);
    this.#told = told;
    for (const concern of raised) this.#outbox.add(this.#alert(concern, false, now));
    for (const { kind, title, key } of over) {
      const text = `It was: ${title}.`;
      const concern = { key, kind, title: 'well again', text, facts: {} };
      this.#outbox.add(this.#alert(concern, true, now));
    }
    this.#keep();
    await this.#outbox.flush();
    const wrong = Object.values(told).flatMap(({ title, isOver }) => (isOver ? [] : [title]));
    await this.#outbox.pulse(wrong, this.#every);
    this.#keep();
  }

  /** The time in milliseconds since 1970, which also shows whether the clock was set. */
  #now(): number {
    const before = this.#clock;
    this.#clock = this.#world.clock();
    const { wall, steady } = this.#clock;
    this.#expectations.clockWasSet((wall - before.wall - (steady - before.steady)) / 1000);
    return wall;
  }

  async #concerns(now: number): Promise<readonly Concern[]> {
    const { after } = this.#alerts;
    const lately = <T extends { readonly time: number }>(all: readonly T[], span: number) =>
      all.filter(({ time }) => Math.abs(now - time) < span);
    this.#failedLogins = lately(this.#failedLogins, TEN_MINUTES);
    this.#bounced = lately(this.#bounced, HOUR);
    const { size, free } = this.#world.disk();
    return [
      ...waitingConcerns(await this.#world.waiting(now / 1000), after, now / 1000),
      ...diskConcerns(size, free),
      ...guessingConcerns(this.#failedLogins),
      ...bounceConcerns(this.#bounced),
      ...this.#expectations.concerns(now / 1000),
      ...expiryConcerns(this.#world.endings(), now / 1000),
      ...settingsConcerns(this.#world.isReloadRefused()),
    ];
  }

  #alert({ key, kind, title, text, facts }: AlertWords, isOver: boolean, now: number): Alert {
    const relay = this.#relay;
    return {
      key,
      kind,
      isOver,
      title: `${relay}: ${title}`,
      text,
      facts,
      time: new Date(now),
      relay,
    };
  }

  #keep(): void {
    this.#world.writeState({
      told: this.#told,
      expected: this.#expectations.state,
      undelivered: this.#outbox.undelivered,
    });
  }
}

type AlertWords = Pick<Alert, 'key' | 'kind' | 'title' | 'text' | 'facts'>;
