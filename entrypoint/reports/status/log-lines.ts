import { type Say, type Sentence, setting, words } from '../../settings/naming/sentence.ts';
import { pipedLog } from '../pipe.ts';
import { placeWords, some, stamp, times } from '../words.ts';
import type { BouncedGroup, LogSummary, RefusedGroup } from './log-summary.ts';

/** Groups beyond these are counted only: it is one screen. */
const MOST = 5;

const LIFETIME = setting('queue_lifetime');

const causeOf = ({ isGivenUp, cause }: BouncedGroup): Sentence =>
  isGivenUp ? words`given up after ${LIFETIME}: ${cause}` : cause;

const bouncedLines = (group: BouncedGroup, say: Say) => [
  `  ${times(group.count)}, to ${some(group.recipients)}, the last ${stamp(group.last)}: ${say(causeOf(group))}`,
  `    -> ${say(group.remedy)}`,
  `    it was said: ${group.reason}`,
];

const refusedLines = (group: RefusedGroup, say: Say) => {
  const { client, count, senders, last, cause, reply, remedy } = group;
  const from = senders.length === 0 ? '' : `, from ${some(senders.map((one) => one || '<>'))}`;
  return [
    `  ${client}, ${times(count)}, the last ${stamp(last)}${from}: ${say(cause)}`,
    `    -> ${say(remedy)}`,
    ...(reply === null ? [] : [`    it was told: ${reply}`]),
  ];
};

function withTitle<G extends { readonly count: number }>(
  title: string,
  groups: readonly G[],
  lines: (group: G) => readonly string[],
): readonly string[] {
  const rest = groups.slice(MOST).reduce((sum, { count }) => sum + count, 0);
  return [
    ...(groups.length === 0 ? [] : [title]),
    ...groups.slice(0, MOST).flatMap(lines),
    ...(rest === 0 ? [] : [`  and ${times(rest)} for other reasons: see "hikyaku trace ADDRESS"`]),
  ];
}

const withoutLog = (container: string | undefined): string =>
  'last delivery and refused mail: in the log, which only the host can read: ' +
  pipedLog('status', container, '48h');

/** The summary of the log, or how to give a log. @param container the host's name for this one */
export function logLines(
  summary: LogSummary | null,
  say: Say,
  container?: string,
): readonly string[] {
  if (summary === null) return [withoutLog(container)];
  const { since, lastDelivery, bounced, refused } = summary;
  const delivery =
    lastDelivery === null
      ? 'none'
      : `${stamp(lastDelivery.time)} to ${lastDelivery.to}${placeWords(lastDelivery.relay)}`;
  return [
    `log since ${stamp(since)}; last delivery: ${delivery}`,
    ...withTitle(
      'mail that the next server refused for good, or that was given up:',
      bounced,
      (one) => bouncedLines(one, say),
    ),
    ...withTitle('mail that this relay did not take:', refused, (one) => refusedLines(one, say)),
  ];
}
