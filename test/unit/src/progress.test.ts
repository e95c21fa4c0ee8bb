import { describe, expect, test } from 'vitest';
import { createProgress } from '../../../src/progress.ts';

function screen(isTTY: boolean): { readonly text: () => string } & {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
} {
  let all = '';
  return {
    isTTY,
    columns: 40,
    text: () => all,
    write: (text) => {
      all += text;
    },
  };
}

describe('in a log', () => {
  test('a task that finds everything done prints its result alone', () => {
    const log = screen(false);
    createProgress(log).task('building it').done('it is up to date');
    expect(log.text()).toBe('it is up to date\n');
  });

  test('a task that works prints its label and its result, but no passing detail', () => {
    const log = screen(false);
    const task = createProgress(log).task('building it');
    task.detail('noise');
    task.done('built it');
    task.done();
    expect(log.text()).toBe('building it\nbuilt it\n');
  });
});

describe('on a terminal', () => {
  test('a task rewrites one line, which is cleared at its end', () => {
    const terminal = screen(true);
    const task = createProgress(terminal, () => 0).task('building it');
    task.detail('\u001b[91mGet:1\r\nGet:2 a very long line that would wrap around\n');
    task.done('built it');
    expect(terminal.text()).toBe(
      '\r\u001b[Kbuilding it (0 s)' +
        '\r\u001b[Kbuilding it (0 s): Get:2 a very long li' +
        '\r\u001b[Kbuilt it\n',
    );
  });
});
