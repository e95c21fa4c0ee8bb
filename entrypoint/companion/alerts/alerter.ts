import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import type { Kind } from '../../advice/trouble.ts';
import { CommandFailed } from '../../cli/errors.ts';
import type { LogEvent } from '../../log/event.ts';
import { remembering } from '../../log/reader.ts';
import { eachQueued, QueueUnlisted } from '../../postfix/running/list-queue.ts';
import { SPOOL } from '../../postfix/spool.ts';
import { QueueSummary } from '../../reports/status/queue-summary.ts';
import { type Alert, targetOf } from '../../settings/alert-target.ts';
import type { Ending } from '../../settings/ending.ts';
import type { Alerts } from '../../settings/settings.ts';
import { send } from './send.ts';
import {
  bounceConcerns,
  type Concern,
  diskConcerns,
  expectedName,
  expiryConcerns,
  type FailedLogin,
  guessingConcerns,
  isExpected,
  missingConcerns,
  settingsConcerns,
  waitingConcerns,
} from './watch.ts';

/** What has been told of is kept here, so that a restart does not tell it again. */
const STATE_FILE = '/var/lib/hikyaku/alerts.json';

/** Left by scripts/image/watch.sh. */
const RELOAD_FAILED = '/tmp/reload-failed';

/** How often it looks; more often for mail that may wait for less than a minute. */
const lookEvery = (after: number): number => Math.min(30_000, Math.max(1_000, after * 500));

const TEN_MINUTES = 600_000;
const HOUR = 3_600_000;

/** Looked for twice in vain, it is over: a queue that is flushed seems empty for a moment. */
const TIMES_GONE = 2;

/** A concern that somebody was told of, and how often it was looked for in vain since. */
interface Told {
  readonly title: string;
  readonly kind: string;
  gone: number;
}

/** Tells once when something is wrong, and once when it is well again. */
export class Alerter {
  readonly #alerts: Alerts;
  readonly #relay: string;
  readonly #endings: () => readonly Ending[];
  readonly #warn: (line: string) => void;
  readonly #told: Map<string, Told>;
  readonly #explain = remembering(readDelivery);
  /** When expected mail came last, by the name of the expectation. */
  readonly #seen: Map<string, number>;
  /** The clients of messages whose sender is not known yet, by queue ID. */
  readonly #clients = new Map<string, string>();
  #failedLogins: (FailedLogin & { readonly time: number })[] = [];
  #bounced: { readonly to: string; readonly reason: string; readonly time: number }[] = [];

  /** @param endings tells what ends now */
  constructor(
    alerts: Alerts,
    relay: string,
    endings: () => readonly Ending[],
    warn: (line: string) => void,
  ) {
    this.#alerts = alerts;
    this.#endings = endings;
    this.#relay = relay;
    this.#warn = warn;
    const { told, seen } = readState();
    this.#told = new Map(Object.entries(told));
    // What is expected for the first time counts from now on.
    const now = Date.now() / 1000;
    this.#seen = new Map(
      alerts.expect.map((expected) => {
        const name = expectedName(expected);
        return [name, seen[name] ?? now];
      }),
    );
  }

  /** Takes note of an event of the log. */
  hear(event: LogEvent): void {
    const time = event.time.getTime();
    if (event.kind === 'refused' && GUESSES.includes(event.trouble.kind)) {
      const { client = 'unknown', login } = event;
      this.#failedLogins.push({ client, login, time });
    }
    if (event.kind === 'client') this.#clients.set(event.id, event.client);
    if (event.kind === 'queued') this.#arrived(event.id, event.from, time / 1000);
    if (event.kind === 'attempt' && (event.status === 'bounced' || event.status === 'expired')) {
      this.#bounced.push({ to: event.to, reason: event.reason, time });
    }
  }

  #arrived(id: string, from: string, time: number): void {
    const message = { from, client: this.#clients.get(id) };
    this.#clients.delete(id);
    for (const expected of this.#alerts.expect) {
      if (isExpected(expected, message)) this.#seen.set(expectedName(expected), time);
    }
  }

  /** Looks on until the process ends; a look that fails is told of, and the next one is made. */
  async keepLooking(): Promise<never> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, lookEvery(this.#alerts.after)));
      try {
        await this.#tell(await this.#look());
      } catch (fault) {
        if (!(fault instanceof CommandFailed)) throw fault;
        this.#warn(`alerts: ${fault.message}`);
      }
    }
  }

  async #look(): Promise<readonly Concern[]> {
    const now = Date.now();
    this.#failedLogins = this.#failedLogins.filter(({ time }) => now - time < TEN_MINUTES);
    this.#bounced = this.#bounced.filter(({ time }) => now - time < HOUR);
    const { bsize, blocks, bavail } = statfsSync(SPOOL);
    return [
      ...(await this.#waiting(now / 1000)),
      ...diskConcerns(blocks * bsize, bavail * bsize),
      ...guessingConcerns(this.#failedLogins),
      ...bounceConcerns(this.#bounced),
      ...missingConcerns(
        this.#alerts.expect.map((expected) => ({
          expected,
          last: this.#seen.get(expectedName(expected)) ?? now / 1000,
        })),
        now / 1000,
      ),
      ...expiryConcerns(this.#endings(), now / 1000),
      ...settingsConcerns(existsSync(RELOAD_FAILED)),
    ];
  }

  /** A queue that cannot be listed is `health`'s to tell. */
  async #waiting(now: number): Promise<readonly Concern[]> {
    const queue = new QueueSummary([], this.#explain, now);
    try {
      await eachQueued((message) => queue.add(message));
    } catch (fault) {
      if (fault instanceof QueueUnlisted) return [];
      throw fault;
    }
    return waitingConcerns(queue.waiting, this.#alerts.after, now);
  }

  async #tell(concerns: readonly Concern[]): Promise<void> {
    const now = new Map(concerns.map((concern) => [concern.key, concern]));
    for (const [key, concern] of now) {
      const told = this.#told.get(key);
      if (told !== undefined) told.gone = 0;
      else if (await this.#send({ ...concern, isOver: false })) {
        this.#told.set(key, { title: concern.title, kind: concern.kind, gone: 0 });
      }
    }
    for (const [key, told] of this.#told) {
      if (now.has(key)) continue;
      told.gone += 1;
      if (told.gone < TIMES_GONE) continue;
      const over = { kind: told.kind, title: 'well again', text: `It was: ${told.title}.` };
      if (await this.#send({ ...over, facts: {}, isOver: true })) this.#told.delete(key);
    }
    writeState({ told: Object.fromEntries(this.#told), seen: Object.fromEntries(this.#seen) });
  }

  /** @returns whether at least one address took it; otherwise it is tried again at the next look */
  async #send(what: Pick<Alert, 'kind' | 'title' | 'text' | 'facts' | 'isOver'>): Promise<boolean> {
    const { kind, text, facts, isOver } = what;
    const title = `${this.#relay}: ${what.title}`;
    const alert = { kind, title, text, facts, isOver, time: new Date(), relay: this.#relay };
    const targets = this.#alerts.to.flatMap((address) => targetOf(address) ?? []);
    const failures = await Promise.all(targets.map((target) => send(target(alert))));
    for (const failure of failures) if (failure !== undefined) this.#warn(`alerts: ${failure}`);
    return failures.includes(undefined);
  }
}

/** A login that was wrong, or not checked any more since so many were. */
const GUESSES: readonly Kind[] = ['client-login-failed', 'client-guessing'];

/** What a restart must not forget. */
interface State {
  readonly told: Readonly<Record<string, Told>>;
  readonly seen: Readonly<Record<string, number>>;
}

function readState(): State {
  try {
    return JSON.parse(readFileSync(STATE_FILE, 'utf8'));
  } catch {
    // The first start, or no volume: then a restart tells again.
    return { told: {}, seen: {} };
  }
}

function writeState(state: State): void {
  try {
    mkdirSync('/var/lib/hikyaku', { recursive: true, mode: 0o755 });
    writeFileSync(`${STATE_FILE}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${STATE_FILE}.new`, STATE_FILE);
  } catch {
    // Without a volume a restart tells again, which the policy at start says.
  }
}
