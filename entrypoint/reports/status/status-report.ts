import type { ExpiryTrouble, Trouble } from '../../advice/trouble.ts';
import type { Sentence } from '../../settings/naming/sentence.ts';
import type { Rate } from '../../settings/validators/plain.ts';
import type { Finding } from '../doctor/diagnosis.ts';
import type { ShownCertificate } from './listener-certificate.ts';
import type { LogSummary } from './log-summary.ts';
import type { AgeCount, QueueSummary } from './queue-summary.ts';
import type { Waiting } from './waiting.ts';

/**
 * What matters, in a word: `ok`, `stuck` when mail waits that should not, `down` when Postfix does not
 * run, `unknown` when it does not list its queue.
 */
export interface Verdict {
  readonly state: 'ok' | 'stuck' | 'down' | 'unknown';
  /** How many messages are stuck, and how long the oldest has been, in seconds. */
  readonly count: number;
  readonly seconds: number;
}

/** Everything that `hikyaku status` shows. */
export interface StatusReport {
  readonly verdict: Verdict;
  readonly version: string;
  readonly running: boolean;
  /** The programs beside Postfix that do not come back. */
  readonly programsAway: readonly string[];
  /** Certificates and secrets that end within two weeks or have ended. */
  readonly expiring: readonly Expiring[];
  /** The logins by OAuth 2 whose token is missing or will soon be missing. */
  readonly tokens: readonly Finding[];
  readonly tableTypes: readonly string[];
  readonly mapType: string;
  /** The parameters that differ from Postfix's defaults, `name = value`. */
  readonly parameters: readonly string[];
  /** The names of those that the user set (POSTFIX_*). */
  readonly overrides: readonly string[];
  readonly policy: readonly string[];
  /** The certificate that clients see; null where they have no TLS. */
  readonly certificate: ShownCertificate | null;
  /** The summary of the log; null without a log. */
  readonly log: LogSummary | null;
  /** Null when Postfix did not list it. */
  readonly queue: QueueReport | null;
}

/** Something that ends soon, as it is shown. */
export interface Expiring {
  readonly trouble: ExpiryTrouble;
  readonly cause: Sentence;
  readonly remedy: Sentence;
}

export interface QueueReport {
  readonly total: number;
  readonly byAge: readonly AgeCount[];
  /** Messages that have not been tried yet. */
  readonly untried: number;
  /** How long the oldest of them has been here, in seconds. */
  readonly untriedFor: number;
  readonly held: number;
  /** How much is sent on at most (RELAY_RATE_TOTAL); null without a limit. */
  readonly pace: Rate | null;
  readonly waiting: readonly WaitingReport[];
}

/** Messages that wait for the same reason at the same server, as they are shown. */
export interface WaitingReport {
  readonly count: number;
  /** Some of them. */
  readonly ids: readonly string[];
  readonly server: string | undefined;
  /** How long the oldest has waited, in seconds. */
  readonly oldest: number;
  readonly reason: string;
  /** Null for a text that is in no table. */
  readonly trouble: Trouble | null;
  readonly cause: Sentence;
  readonly remedy: Sentence;
  /** The result of a probe of the server, if it was made. */
  readonly findings: readonly Finding[];
}

/** A group of waiting messages as it is shown. @param now in seconds since 1970 */
export const waitingReport = (
  { server, since, trouble, ...group }: Waiting,
  findings: readonly Finding[],
  now: number,
): WaitingReport => ({
  ...group,
  server: server?.label,
  oldest: Math.max(0, now - since),
  trouble: trouble ?? null,
  findings,
});

/** The whole queue as it is shown. @param now in seconds since 1970 */
export const queueReport = (
  summary: QueueSummary,
  waiting: readonly WaitingReport[],
  pace: Rate | null,
  now: number,
): QueueReport => ({
  total: summary.total,
  byAge: summary.byAge,
  untried: summary.untried.count,
  untriedFor: Math.max(0, now - summary.untried.since),
  held: summary.held.count,
  pace,
  waiting,
});

/** Longer than a server keeps Postfix waiting that works. */
const LONG_SECONDS = 60;

/** @param now in seconds since 1970; @param summary undefined when Postfix did not list its queue */
export function verdictOn(
  summary: QueueSummary | undefined,
  isRunning: boolean,
  pace: Rate | null,
  now: number,
): Verdict {
  const { untried, deferred } = summary ?? { untried: NOTHING, deferred: NOTHING };
  // Mail that waits for its turn is in no trouble, however long it takes.
  const slow = pace === null && now - untried.since > LONG_SECONDS ? untried : NOTHING;
  const count = deferred.count + slow.count;
  const since = Math.min(deferred.since, slow.since);
  const verdict = { count, seconds: count === 0 ? 0 : Math.max(0, now - since) };
  if (!isRunning) return { state: 'down', ...verdict };
  if (summary === undefined) return { state: 'unknown', ...verdict };
  return { state: count > 0 ? 'stuck' : 'ok', ...verdict };
}

const NOTHING = { count: 0, since: Number.POSITIVE_INFINITY };
