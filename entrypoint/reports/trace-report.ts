import type { Found } from '../log/search.ts';
import { pipedLog } from './pipe.ts';
import { stamp, stepLines, storyLines } from './story-lines.ts';
import {
  type Background,
  refusalStep,
  type Step,
  type StoryReport,
  storyReport,
} from './story-report.ts';

/** What `hikyaku trace` answers. */
export interface TraceReport {
  readonly query: string;
  /** When the log begins; null without a log. */
  readonly logSince: Date | null;
  readonly queueSearched: boolean;
  readonly stories: readonly StoryReport[];
  /** Mail that this relay did not take, so that it never had an ID. */
  readonly refused: readonly Step[];
}

/** What was found, as it is told. @param logSince when the log begins; undefined without a log */
export const traceReport = (
  query: string,
  { stories, refusals }: Found,
  logSince: Date | undefined,
  background: Background,
): TraceReport => ({
  query,
  logSince: logSince ?? null,
  queueSearched: background.queueKnown,
  stories: stories.map((story) => storyReport(story, background)),
  refused: refusals.map(refusalStep),
});

/** How a log gets to a program that cannot read it by itself. */
const howToGiveIt = (query: string, container: string | undefined): string =>
  'the queue alone was searched: what has left it stands in the log, which only the host can read: ' +
  pipedLog(`trace '${query}'`, container);

/**
 * The report for people; without a log, with how to give one.
 * @param container what the host calls this one
 */
export function traceLines(report: TraceReport, container?: string): readonly string[] {
  const { query, logSince, queueSearched, stories, refused } = report;
  const found = [
    ...stories.flatMap((story) => [...storyLines(story), '']),
    ...(refused.length === 0
      ? []
      : ['not taken by this relay:', ...refused.flatMap(stepLines), '']),
  ];
  const places = [
    ...(queueSearched ? ['the queue'] : []),
    ...(logSince === null ? [] : [`the log since ${stamp(logSince)}`]),
  ].join(' and ');
  return [
    ...found,
    ...(found.length === 0
      ? [
          `nothing about ${query} in ${places}: searched were queue IDs, message-ids, and whole ` +
            'addresses of senders and recipients',
        ]
      : [`searched: ${places}`]),
    ...(logSince === null ? [howToGiveIt(query, container)] : []),
  ];
}
