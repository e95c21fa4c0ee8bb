/**
 * What a person sees while something takes time. On a terminal a task owns one line that is
 * rewritten in place; elsewhere (CI, a log file) every step is a line, and a task that is silent
 * for long says that it is still going.
 */
import { stripVTControlCharacters } from 'node:util';

export interface Task {
  /** What the task is doing now: shown in passing on a terminal, not at all elsewhere. */
  detail(text: string): void;
  /** A milestone: shown in passing on a terminal, as a line elsewhere. */
  step(text: string): void;
  /** How far it is: a bar on a terminal, nothing elsewhere. */
  advance(number: number, total: number): void;
  /** Ends the task, the first time it is called. Without a text it leaves no trace on a terminal. */
  done(text?: string): void;
}

export interface Progress {
  line(text: string): void;
  task(label: string): Task;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const STILL_GOING_MS = 15_000;

export function createProgress(output: Output, now: () => number = Date.now): Progress {
  const line = (text: string): void => void output.write(`${text}\n`);
  return {
    line,
    task: (label) =>
      output.isTTY === true ? terminalTask(output, label, now) : plainTask(line, label, now),
  };
}

function terminalTask(output: Output, label: string, now: () => number): Task {
  const started = now();
  let detail = '';
  let bar = '';
  const draw = (): void => {
    const text = `${bar}${label} (${seconds(started, now)})${detail === '' ? '' : `: ${detail}`}`;
    output.write(`\r\x1b[K${text.slice(0, (output.columns ?? 80) - 1)}`);
  };
  const show = (text: string): void => {
    detail = printable(text);
    draw();
  };
  draw();
  const timer = setInterval(draw, 1000);
  timer.unref();
  let ended = false;
  return {
    detail: show,
    step: show,
    advance: (number, total) => {
      bar = `${drawBar(number, total)} ${number}/${total} `;
      draw();
    },
    done: (text) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      output.write('\r\x1b[K');
      if (text !== undefined) output.write(`${text}\n`);
    },
  };
}

function plainTask(line: (text: string) => void, label: string, now: () => number): Task {
  const started = now();
  let detail = '';
  let announced = false;
  // The label waits for the first sign of real work, so that a task which finds everything
  // up to date prints one line, not two.
  const announce = (): void => {
    if (!announced) line(label);
    announced = true;
  };
  const timer = setInterval(() => {
    announce();
    line(`  … ${seconds(started, now)}${detail === '' ? '' : `: ${detail}`}`);
  }, STILL_GOING_MS);
  timer.unref();
  let ended = false;
  return {
    detail: (text) => {
      detail = printable(text);
      announce();
    },
    step: (text) => {
      announce();
      line(`  ${printable(text)}`);
    },
    advance: () => {},
    done: (text) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      if (text !== undefined) line(text);
    },
  };
}

const BAR_WIDTH = 16;

function drawBar(number: number, total: number): string {
  const full = Math.round((BAR_WIDTH * number) / Math.max(total, 1));
  return `[${'='.repeat(full).padEnd(BAR_WIDTH)}]`;
}

function seconds(started: number, now: () => number): string {
  return `${Math.round((now() - started) / 1000)} s`;
}

/** The last line of a piece of output, without what would move the cursor. */
function printable(text: string): string {
  const last =
    stripVTControlCharacters(text)
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? '';
  return last.replaceAll(/\s+/g, ' ');
}
