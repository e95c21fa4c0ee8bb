import type { Step, StoryReport } from './story-report.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-24 11:06:22`, as clocks here show it. */
export const stamp = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
  `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;

const WIDTH = 'YYYY-MM-DD HH:MM:SS'.length;

/** One step, with what was said and what to do on lines of their own. */
export function stepLines({ time, words, said, remedy }: Step): readonly string[] {
  const indent = ' '.repeat(WIDTH + 2);
  return [
    `${(time === undefined ? '' : stamp(time)).padEnd(WIDTH)}  ${words}`,
    ...(said === undefined ? [] : [`${indent}it said: ${said}`]),
    ...(remedy === undefined ? [] : [`${indent}-> ${remedy}`]),
  ];
}

/** A whole story, its notices in it. */
export function storyLines(report: StoryReport): readonly string[] {
  const { id, from, to, steps, result, notices } = report;
  const sender = from === '' ? 'Postfix (a notice)' : (from ?? 'an unknown sender');
  return [
    `${id}  from ${sender}${to.length === 0 ? '' : ` to ${to.join(', ')}`}`,
    ...steps.flatMap(stepLines).map((line) => `  ${line}`),
    `  result: ${result}`,
    ...notices.flatMap(storyLines).map((line) => `    ${line}`),
  ];
}
