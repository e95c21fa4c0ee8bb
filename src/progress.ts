/**
 * The progress of long tasks. On a terminal a task has one line that is rewritten in place.
 * Elsewhere (CI, a log file) it prints a line at its start and one at its end. A long task also
 * prints its current step now and then.
 */
import { stripVTControlCharacters } from 'node:util';

export interface Task {
  /** The current step of the task; only the last line of this text is shown. */
  detail(text: string): void;
  /** Ends the task at the first call. Without a text its line disappears from a terminal. */
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
    task: (label) => {
      const started = now();
      const isTerminal = output.isTTY === true;
      let detail = '';
      let isAnnounced = isTerminal;
      let isEnded = false;
      // In a log the label waits for the first sign of real work, so that a task which finds
      // everything up to date prints one line, not two.
      const announce = (): void => {
        if (!isAnnounced) line(label);
        isAnnounced = true;
      };
      const show = (): void => {
        announce();
        const seconds = `${Math.round((now() - started) / 1000)} s`;
        const behind = detail === '' ? '' : `: ${detail}`;
        const text = `${label} (${seconds})${behind}`.slice(0, (output.columns ?? 80) - 1);
        if (isTerminal) output.write(`\r\x1b[K${text}`);
        else line(`  … ${seconds}${behind}`);
      };
      if (isTerminal) show();
      const timer = setInterval(show, isTerminal ? 1000 : STILL_GOING_MS);
      timer.unref();
      return {
        detail: (text) => {
          detail = printable(text);
          if (isTerminal) show();
          else announce();
        },
        done: (text) => {
          if (isEnded) return;
          isEnded = true;
          clearInterval(timer);
          if (isTerminal) output.write('\r\x1b[K');
          if (text !== undefined) line(text);
        },
      };
    },
  };
}

/** The last line of some output, without control sequences. */
function printable(text: string): string {
  const last =
    stripVTControlCharacters(text)
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? '';
  return last.replaceAll(/\s+/g, ' ');
}
