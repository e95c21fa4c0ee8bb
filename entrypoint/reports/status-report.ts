import { type AgeCount, ageWords } from '../postfix/queue-entry.ts';
import { type Finding, findingLines, isWrong } from '../probe/finding.ts';
import type { Rate } from '../settings/validators/rate.ts';
import type { LogSummary } from './summary.ts';
import { summaryLines } from './summary-lines.ts';
import type { Waiting } from './waiting.ts';

/** Everything that `hikyaku status` shows. */
export interface StatusReport {
  readonly version: string;
  readonly running: boolean;
  readonly tableTypes: readonly string[];
  readonly mapType: string;
  /** What differs from Postfix's defaults, `name = value`. */
  readonly parameters: readonly string[];
  /** The names of those that the user set (POSTFIX_*). */
  readonly overrides: readonly string[];
  readonly policy: readonly string[];
  /** What the log tells; null when none was given. */
  readonly log: LogSummary | null;
  readonly queue: {
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
  };
}

/** Messages that wait for the same reason at the same server, as they are shown. */
export interface WaitingReport {
  readonly count: number;
  readonly ids: readonly string[];
  readonly server: string | undefined;
  /** How long the oldest has waited, in seconds. */
  readonly oldest: number;
  readonly reason: string;
  readonly cause: string;
  readonly remedy: string;
  /** What the server itself was found to say, where it was asked. */
  readonly findings: readonly Finding[];
}

/** A group of waiting messages as it is shown. */
export function waitingReport(
  { messages, server, reason, cause, remedy }: Waiting,
  findings: readonly Finding[],
  now: number,
): WaitingReport {
  return {
    count: messages.length,
    ids: messages.map(({ id }) => id),
    server: server?.label,
    oldest: now - Math.min(...messages.map(({ arrival }) => arrival)),
    reason,
    cause,
    remedy,
    findings,
  };
}

const indent = (lines: readonly string[], by: string): readonly string[] =>
  lines.map((line) => by + line);

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What was found at the server says more than the table can, so it stands in the table's place. */
function waitingLines(waiting: WaitingReport): readonly string[] {
  const { count, server, oldest, reason, cause, remedy, findings } = waiting;
  const through = server === undefined ? '' : ` for ${server}`;
  const found = findings.filter(isWrong);
  return [
    `${plural(count, 'message')}${through}, the oldest since ${ageWords(oldest)}: ${cause}`,
    ...indent(found.length > 0 ? found.flatMap(findingLines) : [`-> ${remedy}`], '  '),
    `  Postfix says: ${reason}`,
  ];
}

/** Longer than the slowest server keeps Postfix waiting for a connection. */
const LONG_SECONDS = 60;

/** Mail that waits for its turn is in no trouble, however long it takes. */
function untriedWords({ untried, untriedFor, pace }: StatusReport['queue']): string {
  if (pace !== null) {
    return (
      `${untried} being delivered, or waiting for its turn: ${pace.messages} in ${pace.seconds} s ` +
      'are sent on (RELAY_RATE_TOTAL)'
    );
  }
  const long =
    untriedFor > LONG_SECONDS
      ? `, the oldest for ${ageWords(untriedFor)}: "hikyaku doctor" looks for what holds it up`
      : '';
  return `${untried} being delivered, or about to be${long}`;
}

function queueLines({ queue }: StatusReport): readonly string[] {
  if (queue.total === 0) return ['queue: empty'];
  const ages = queue.byAge.map(({ age, count }) => `${count} ${age}`).join(', ');
  return [
    `queue: ${plural(queue.total, 'message')} (${ages})`,
    ...(queue.untried > 0 ? [`  ${untriedWords(queue)}`] : []),
    ...(queue.held > 0 ? [`  ${queue.held} on hold: "hikyaku queue release ID" lets one go`] : []),
    ...indent(queue.waiting.flatMap(waitingLines), '  '),
    ...(queue.waiting.length > 0
      ? ['after a change: "hikyaku reload" (or a new container), then "hikyaku queue retry"']
      : []),
  ];
}

/**
 * One screen, with what matters most in the last lines.
 * @param container what the host calls this one
 */
export const statusLines = (report: StatusReport, container?: string): readonly string[] => [
  `Postfix ${report.version}${report.running ? '' : ' (does not run!)'}`,
  ...overrideLines(report),
  ...report.policy,
  ...summaryLines(report.log, container),
  ...queueLines(report),
];

/** Of the parameters only those that the user knows: `postconf -n` has them all. */
function overrideLines({ parameters, overrides }: StatusReport): readonly string[] {
  const own = parameters.filter((line) => overrides.includes(line.split(' ')[0] ?? ''));
  return own.length === 0 ? [] : ['your own Postfix parameters:', ...indent(own, '  ')];
}
