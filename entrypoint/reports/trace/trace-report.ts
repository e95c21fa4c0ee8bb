import type { Refusal } from '../../log/event.ts';
import type { Story } from '../../log/story.ts';
import type { Say } from '../../settings/naming/sentence.ts';
import { pipedLog } from '../pipe.ts';
import { stamp } from '../words.ts';
import { shortLine, stepLines, storyLines } from './story-lines.ts';
import {
  type Background,
  refusalStep,
  type Step,
  type StoryReport,
  storyReport,
} from './story-report.ts';

/** The report of `hikyaku trace`. */
export interface TraceReport {
  /** Null: without a search term, the report lists the last messages. */
  readonly query: string | null;
  /** When the log begins; null without a log. */
  readonly logSince: Date | null;
  readonly queueSearched: boolean;
  readonly stories: readonly StoryReport[];
  /** Mail that this relay refused before it had a queue ID. */
  readonly refused: readonly Step[];
}

/** The found messages as a report. @param logSince when the log begins; undefined without a log */
export const traceReport = (
  query: string | undefined,
  stories: readonly Story[],
  refusals: readonly Refusal[],
  logSince: Date | undefined,
  background: Background,
): TraceReport => ({
  query: query ?? null,
  logSince: logSince ?? null,
  queueSearched: background.queueKnown,
  stories: stories.map((story) => storyReport(story, background)),
  refused: refusals.map(refusalStep),
});

/** How a log gets to a program that cannot read it by itself. */
const howToGiveIt = (query: string | null, container: string | undefined): string =>
  'only the queue was searched: mail that has left it is in the log, which only the host can read: ' +
  pipedLog(query === null ? 'trace' : `trace '${query}'`, container);

/**
 * The report for people; without a log, with how to give one.
 * @param container what the host calls this one
 */
export function traceLines(report: TraceReport, say: Say, container?: string): readonly string[] {
  const { query, logSince, queueSearched, stories, refused } = report;
  const told =
    query === null
      ? [...stories.map(shortLine), ...(stories.length === 0 ? [] : [''])]
      : stories.flatMap((story) => [...storyLines(story, say), '']);
  const found = [
    ...told,
    ...(refused.length === 0
      ? []
      : ['not taken by this relay:', ...refused.flatMap((step) => stepLines(step, say)), '']),
  ];
  const places = [
    ...(queueSearched ? ['the queue'] : []),
    ...(logSince === null ? [] : [`the log since ${stamp(logSince)}`]),
  ].join(' and ');
  return [
    ...found,
    found.length === 0 ? nothing(query, places) : hint(query, places),
    ...(logSince === null ? [howToGiveIt(query, container)] : []),
  ];
}

const nothing = (query: string | null, places: string): string =>
  query === null
    ? `no mail in ${places}`
    : `nothing about ${query} in ${places}: searched were queue IDs, message-ids, and whole ` +
      'addresses of senders and recipients';

const hint = (query: string | null, places: string): string =>
  query === null
    ? `the last mail in ${places}; "hikyaku trace ID" or "hikyaku trace ADDRESS" tells more`
    : `searched: ${places}`;
