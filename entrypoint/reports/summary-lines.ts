import { pipedLog } from './pipe.ts';
import { placeWords } from './place-words.ts';
import { stamp } from './story-lines.ts';
import type { BouncedGroup, LogSummary, RefusedGroup } from './summary.ts';

/** Groups and recipients beyond these are counted alone: it is one screen. */
const MOST = 5;

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function some(names: readonly string[]): string {
  const more = names.length - MOST;
  return names.slice(0, MOST).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const bouncedLines = ({ count, recipients, last, cause, remedy, reason }: BouncedGroup) => [
  `  ${times(count)}, to ${some(recipients)}, the last ${stamp(last)}: ${cause}`,
  `    -> ${remedy}`,
  `    it was said: ${reason}`,
];

const refusedLines = ({ count, client, last, reply, remedy }: RefusedGroup) => [
  `  ${client}, ${times(count)}, the last ${stamp(last)}: ${reply}`,
  `    -> ${remedy}`,
];

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

/** What the log says, or how to give it. @param container what the host calls this one */
export function summaryLines(summary: LogSummary | null, container?: string): readonly string[] {
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
      bouncedLines,
    ),
    ...withTitle('mail that this relay did not take:', refused, refusedLines),
  ];
}
