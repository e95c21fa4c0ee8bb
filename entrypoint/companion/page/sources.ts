import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import { CommandFailed, isSystemError } from '../../cli/errors.ts';
import type { LogEvent } from '../../log/event.ts';
import { remembering } from '../../log/reader.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import { eachQueued } from '../../postfix/running/list-queue.ts';
import { isMasterThere } from '../../postfix/running/master.ts';
import { SPOOL } from '../../postfix/spool.ts';
import { type Server, serversOf } from '../../probe/servers.ts';
import { CONFIG_DIRECTORY } from '../../render/file.ts';
import { PAGE_FILE, type PageSettings } from '../../render/page-file.ts';
import { Counting, type LogSummary, summarize } from '../../reports/status/log-summary.ts';
import { QueueSummary } from '../../reports/status/queue-summary.ts';
import {
  type QueueReport,
  queueReport,
  type Verdict,
  verdictOn,
  waitingReport,
} from '../../reports/status/status-report.ts';
import type { Ending } from '../../settings/ending.ts';
import { TOKEN_ENDINGS } from '../endings.ts';
import type { Count } from '../recorder/counting.ts';
import { History } from '../recorder/history.ts';
import { HISTORY_FILE } from '../recorder/history-file.ts';
import { tell } from '../recorder/tell.ts';
import { type Way, Ways } from './ways.ts';

/** How many messages a queue has, and since when the oldest of them is here (seconds since 1970). */
export interface QueueCount {
  readonly count: number;
  readonly since: number;
}

/** Postfix's state a moment ago. */
export interface State {
  readonly verdict: Verdict;
  readonly isRunning: boolean;
  /** Null, and no counts, when Postfix does not list it. */
  readonly queue: QueueReport | null;
  readonly queues: ReadonlyMap<string, QueueCount> | undefined;
  /** Messages by ID, of a long queue the first ones. */
  readonly queued: ReadonlyMap<string, QueuedMessage>;
  /** In seconds since 1970. */
  readonly now: number;
}

/** The history is kept, and cannot be read now: the recorder has not made it yet. */
export class HistoryAway extends Error {}

/** However many look at once, Postfix and the history are asked so often at most. */
const FRESH_MS = 2_000;
const LATELY_FRESH_MS = 10_000;

const LATELY_MS = 48 * 3_600_000;
const MOST_LATELY = 2_000;
const MOST_WELL = 100;
const MOST_QUEUED = 1_000;

/** The sources of the page's facts. */
export class Sources {
  readonly servers: readonly Server[];
  readonly hasHistory: boolean;
  readonly #settings: PageSettings;
  readonly #state = new Fresh(FRESH_MS, () => this.#look());
  readonly #lately = new Fresh(LATELY_FRESH_MS, async () => this.#lookBack());
  readonly #explain = remembering(readDelivery);
  readonly endings: () => readonly Ending[];

  /** @param endings tells what ends now */
  constructor(settings: PageSettings, endings: () => readonly Ending[]) {
    this.endings = endings;
    this.#settings = settings;
    this.servers = serversOf(settings);
    this.hasHistory = settings.hasHistory;
  }

  state(): Promise<State> {
    return this.#state.get();
  }

  /** Has the queue looked at anew: something was done to it. */
  forgetState(): void {
    this.#state.forget();
  }

  /** How each way out works, as far as the last two days of the history and the queue tell. */
  async ways(): Promise<readonly Way[]> {
    const { queued } = await this.state();
    const heard = await this.#lately.get().catch((fault: unknown) => {
      if (fault instanceof HistoryAway) return null;
      throw fault;
    });
    return (heard?.ways ?? new Ways(this.#settings)).report(queued.values());
  }

  /** A summary of the history's last two days; null without a history. */
  async lately(): Promise<LogSummary | null> {
    return (await this.#lately.get())?.summary ?? null;
  }

  /**
   * Asks the history, which another process writes.
   * @throws HistoryAway
   */
  ask<T>(question: (history: History) => T): T {
    if (!existsSync(HISTORY_FILE)) throw new HistoryAway();
    using history = openHistory();
    return question(history);
  }

  /** Undefined without a history. @throws HistoryAway */
  counters(): readonly Count[] | undefined {
    return this.hasHistory ? this.ask(({ counters }) => counters) : undefined;
  }

  async #look(): Promise<State> {
    const now = Date.now() / 1000;
    const summary = new QueueSummary(this.servers, this.#explain, now);
    const queues = new Map<string, QueueCount>();
    const queued = new Map<string, QueuedMessage>();
    const isListed = await listQueue((message) => {
      const { queue, arrival, id } = message;
      summary.add(message);
      const { count, since } = queues.get(queue) ?? { count: 0, since: arrival };
      queues.set(queue, { count: count + 1, since: Math.min(since, arrival) });
      if (queued.size < MOST_QUEUED) queued.set(id, message);
    });
    const isRunning = isListed || isMasterThere();
    const pace = this.#settings.pace ?? null;
    const waiting = summary.waiting.map((group) => waitingReport(group, [], now));
    return {
      verdict: verdictOn(isListed ? summary : undefined, isRunning, pace, now),
      isRunning,
      queue: isListed ? queueReport(summary, waiting, pace, now) : null,
      queues: isListed ? queues : undefined,
      queued,
      now,
    };
  }

  #lookBack(): { readonly summary: LogSummary | null; readonly ways: Ways } | null {
    if (!this.hasHistory) return null;
    return this.ask((history) => {
      const since = new Date(Date.now() - LATELY_MS);
      const counting = new Counting();
      const ways = new Ways(this.#settings);
      const hear = (event: LogEvent): void => {
        counting.hear(event);
        ways.hear(event);
      };
      // Only the latest successful mail is of interest.
      const last = history.messages({ since, most: MOST_WELL });
      const messages = [...history.troubled(since, MOST_LATELY), ...last];
      tell({ hear }, history, { messages, since });
      const summary = summarize({ listeners: [counting], since }, this.servers) ?? null;
      return { summary, ways };
    });
  }
}

function openHistory(): History {
  try {
    return History.openToRead(HISTORY_FILE);
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ERR_SQLITE_ERROR') throw new HistoryAway();
    throw fault;
  }
}

/** Whether Postfix listed it. */
async function listQueue(hear: (message: QueuedMessage) => void): Promise<boolean> {
  try {
    await eachQueued(hear, []);
    return true;
  } catch (fault) {
    // Postfix does not run, or its lister does not answer.
    if (fault instanceof CommandFailed) return false;
    throw fault;
  }
}

/** Keeps an answer for a moment: for five times as long as it took, if that is more. */
class Fresh<T> {
  readonly #leastMs: number;
  readonly #ask: () => Promise<T>;
  #answer: Promise<T> | undefined;

  constructor(leastMs: number, ask: () => Promise<T>) {
    this.#leastMs = leastMs;
    this.#ask = ask;
  }

  get(): Promise<T> {
    if (this.#answer !== undefined) return this.#answer;
    const start = Date.now();
    const answer = this.#ask();
    this.#answer = answer;
    const forget = (): void => {
      if (this.#answer === answer) this.forget();
    };
    answer.then(
      () => setTimeout(forget, Math.max(this.#leastMs, 5 * (Date.now() - start))).unref(),
      forget,
    );
    return answer;
  }

  forget(): void {
    this.#answer = undefined;
  }
}

/** The page cannot read the first one later, and the second changes by itself. */
const NO_SETTINGS = [PAGE_FILE, TOKEN_ENDINGS];

/** A hash of the rendered files that this account may read, which hold no secrets. */
export function configurationHash(): string {
  const hash = createHash('sha256');
  const names = readdirSync(CONFIG_DIRECTORY, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_SETTINGS.includes(entry.name))
    .map(({ name }) => name)
    .sort();
  for (const name of names) {
    try {
      const content = readFileSync(`${CONFIG_DIRECTORY}/${name}`);
      if (!INDEX.test(name)) hash.update(`${name}\0${content.length}\0`).update(content);
    } catch {
      // A secret, which this account may not read.
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Files that postmap makes differ from one run to the next. */
const INDEX = /\.(?:lmdb|db|cdb)$/;

/** The disk of the queue, in bytes. */
export function queueDisk(): { readonly size: number; readonly free: number } {
  const { bsize, blocks, bavail } = statfsSync(SPOOL);
  return { size: blocks * bsize, free: bavail * bsize };
}
