import { advise } from '../../advice/advice.ts';
import { ageWords } from '../../postfix/queue-entry.ts';
import { type Say, setting, words } from '../../settings/naming/sentence.ts';
import { aboutServer } from '../about.ts';
import { findingLines, isWrong } from '../doctor/diagnosis.ts';
import { indent, plural } from '../words.ts';
import { logLines } from './log-lines.ts';
import type { QueueReport, StatusReport, WaitingReport } from './status-report.ts';

/**
 * One screen: the verdict first, and in the last lines what waits and why.
 * @param container what the host calls this one
 */
export const statusLines = (
  report: StatusReport,
  say: Say,
  container?: string,
): readonly string[] => [
  verdictWords(report),
  `Postfix ${report.version}${report.running ? '' : ' (does not run!)'}`,
  ...awayLines(report, say),
  ...report.expiring.flatMap(({ cause, remedy }) => [say(cause), `  -> ${say(remedy)}`]),
  ...report.tokens.flatMap((one) => findingLines(one, say)),
  ...overrideLines(report),
  ...report.policy,
  ...certificateLines(report),
  ...logLines(report.log, say, container),
  ...(report.queue === null
    ? [
        'queue: Postfix does not list it (showq does not answer): "hikyaku doctor" looks for what is wrong',
      ]
    : queueLines(report.queue, say)),
];

const certificateLines = ({ certificate }: StatusReport): readonly string[] =>
  certificate === null
    ? []
    : [
        `clients see a certificate with the SHA-256 fingerprint ${certificate.fingerprint}, valid until ${certificate.validTo}`,
      ];

function verdictWords({ verdict: { state, count, seconds }, queue }: StatusReport): string {
  switch (state) {
    case 'down':
      return 'DOWN: Postfix does not run';
    case 'unknown':
      return 'UNKNOWN: Postfix does not list its queue';
    case 'stuck':
      return `STUCK: ${plural(count, 'mail')} for ${ageWords(seconds)}`;
    case 'ok': {
      const { untried = 0, held = 0, pace = null } = queue ?? {};
      const moving = pace === null ? 'being delivered' : 'being delivered, or waiting for its turn';
      return [
        'OK: nothing waits',
        ...(untried === 0 ? [] : [`${untried} ${moving}`]),
        ...(held === 0 ? [] : [`${held} on hold`]),
      ].join(', ');
    }
  }
}

/** The findings of a probe replace the general advice, since they are more precise. */
function waitingLines(waiting: WaitingReport, say: Say): readonly string[] {
  const { count, server, oldest, reason, cause, remedy, findings } = waiting;
  const through = server === undefined ? '' : ` for ${server}`;
  const found = findings.filter(isWrong);
  return [
    `${plural(count, 'message')}${through}, the oldest for ${ageWords(oldest)}: ${say(cause)}`,
    ...indent(
      found.length > 0 ? found.flatMap((one) => findingLines(one, say)) : [`-> ${say(remedy)}`],
    ),
    `  Postfix says: ${reason}`,
  ];
}

const TOTAL = setting('rate.total');

/** Mail that waits for its turn is in no trouble, however long it takes. */
function untriedWords({ untried, untriedFor, pace }: QueueReport, say: Say): string {
  const age = ageWords(untriedFor);
  if (pace !== null) {
    return say(
      words`${untried} being delivered, or waiting for its turn, the oldest for ${age}: at most ${pace.messages} in ${pace.seconds} s are sent on (${TOTAL})`,
    );
  }
  return (
    `${untried} being delivered, or about to be, the oldest for ${age}` +
    (untriedFor > 10 ? ': "hikyaku doctor" looks for what holds it up' : '')
  );
}

function queueLines(queue: QueueReport, say: Say): readonly string[] {
  if (queue.total === 0) return ['queue: empty'];
  const ages = queue.byAge.map(({ age, count }) => `${count} ${age}`).join(', ');
  return [
    `queue: ${plural(queue.total, 'message')} (${ages})`,
    ...(queue.untried > 0 ? [`  ${untriedWords(queue, say)}`] : []),
    ...(queue.held > 0 ? [`  ${queue.held} on hold: "hikyaku queue release ID" lets one go`] : []),
    ...indent(queue.waiting.flatMap((one) => waitingLines(one, say))),
    ...(queue.waiting.length > 0
      ? ['after a change: "hikyaku reload" (or a new container), then "hikyaku queue retry"']
      : []),
  ];
}

function awayLines({ programsAway: programs }: StatusReport, say: Say): readonly string[] {
  if (programs.length === 0) return [];
  const { cause, remedy } = advise({ kind: 'program-away', programs }, aboutServer(undefined));
  return [say(cause), `  -> ${say(remedy)}`];
}

/** Only the parameters that the user set; `postconf -n` lists all. */
function overrideLines({ parameters, overrides }: StatusReport): readonly string[] {
  const own = parameters.filter((line) => overrides.includes(line.split(' ')[0] ?? ''));
  return own.length === 0 ? [] : ['your own Postfix parameters:', ...indent(own)];
}
