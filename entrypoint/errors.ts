import { type Problem, problemLine } from './settings/problem.ts';

/** Exit codes, named as in sysexits(3). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 64,
  unavailable: 69,
  bug: 70,
  system: 71,
  configuration: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The user's mistake, told in a sentence: no stack trace. */
export class UserError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.system) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Settings that cannot be used: every problem, one a line. */
export class SettingsError extends UserError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'), EXIT.configuration);
    this.problems = problems;
  }
}

/** A program that we ran and that failed: what ran, how it ended, what it said. */
export class CommandError extends UserError {
  constructor(command: readonly string[], status: string, output: string) {
    super(
      [`${command.join(' ')}: ${status}`, output.trim()].filter((line) => line !== '').join('\n'),
    );
  }
}

/** Whether a caught value is Node's error of a failed system call. */
export const isSystemError = (fault: unknown): fault is NodeJS.ErrnoException =>
  fault instanceof Error && 'code' in fault;
