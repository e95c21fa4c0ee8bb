import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { cleanEnvironment } from '../../postfix/running/command.ts';

/** The actions on a waiting message (postqueue(1), postsuper(1)). */
export const ACTIONS = ['retry', 'hold', 'release', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

const COMMAND = ['/bin/bash', '/usr/share/hikyaku/attend.sh'] as const;

/**
 * The other half of the page, a shell that stays root (attend.sh). It carries out a few orders from
 * a private pipe, and ends with the page.
 */
export class Attendant {
  readonly #shell: ChildProcess;
  /** Who waits for an answer; answers come in the order of the orders. */
  readonly #waiting: ((isDone: boolean) => void)[] = [];

  /**
   * Has to be made while this process is root.
   * @param hear receives doctor's JSON report
   * @param onEnd the shell has ended: it cannot be started again by a process that is not root
   */
  constructor(hear: (report: string) => void, onEnd: () => void) {
    const [shell, ...words] = COMMAND;
    this.#shell = spawn(shell, words, {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      env: cleanEnvironment(process.env['TZ']),
    });
    const [, answers, , reports] = this.#shell.stdio;
    for (const [input, listen] of [
      [answers, (line: string) => this.#waiting.shift()?.(line === 'done')],
      [reports, hear],
    ] as const) {
      createInterface({ input: input as Readable }).on('line', listen);
    }
    // "exit" reports its end.
    this.#shell.stdin?.on('error', () => {});
    this.#shell.on('error', onEnd);
    this.#shell.on('exit', onEnd);
  }

  /** @returns whether Postfix's command succeeded; also for a message that has left meanwhile */
  act(action: Action, id: string): Promise<boolean> {
    return this.#order(`${action} ${id}`);
  }

  /** Tries all that waits. */
  retryAll(): Promise<boolean> {
    return this.#order('retry all');
  }

  /** @returns whether doctor begins; not while it runs, or when it ran a moment ago */
  examine(): Promise<boolean> {
    return this.#order('doctor');
  }

  #order(words: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#shell.stdin?.write(`${words}\n`);
    });
  }
}
