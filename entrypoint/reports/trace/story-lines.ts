import type { Say } from '../../settings/naming/sentence.ts';
import { some, stamp } from '../words.ts';
import type { Step, StoryReport } from './story-report.ts';

const WIDTH = 'YYYY-MM-DD HH:MM:SS'.length;

/** One step, with what was said and what to do on lines of their own. */
export function stepLines({ time, words, said, remedy }: Step, say: Say): readonly string[] {
  const indent = ' '.repeat(WIDTH + 2);
  return [
    `${(time === undefined ? '' : stamp(time)).padEnd(WIDTH)}  ${say(words)}`,
    ...(said === undefined ? [] : [`${indent}it said: ${said}`]),
    ...(remedy === undefined ? [] : [`${indent}-> ${say(remedy)}`]),
  ];
}

/** A whole story, its notices in it. */
export function storyLines(report: StoryReport, say: Say): readonly string[] {
  const { id, from, to, steps, result, notices } = report;
  const sender = from === '' ? 'Postfix (a notice)' : (from ?? 'an unknown sender');
  return [
    `${id}  from ${sender}${to.length === 0 ? '' : ` to ${to.join(', ')}`}`,
    ...steps.flatMap((step) => stepLines(step, say)).map((line) => `  ${line}`),
    `  result: ${say(result)}`,
    ...notices.flatMap((notice) => storyLines(notice, say)).map((line) => `    ${line}`),
  ];
}

/** A story on one line: when, which, whose, and what became of it. */
export function shortLine({ start, id, from, to, verdict }: StoryReport): string {
  const when = (start === undefined ? '' : stamp(start)).padEnd(WIDTH);
  const sender = from === '' ? '<>' : (from ?? '?');
  return `${when}  ${id}  ${sender} to ${some(to, 3) || '?'}: ${verdict}`;
}
