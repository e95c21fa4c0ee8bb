/**
 * The kinds of failure in which a command of either program ends, the container's and the host's:
 * a mistake of the user's, settings that are wrong, a program that failed. Whatever else reaches
 * the one catch (report.ts) is our own bug and keeps its stack trace.
 */
import { type Problem, problemLine } from '../messages/problem.ts';

/** Exit codes, named as in sysexits(3); docs/operation.md tells the user what each means. */
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

/** An error that the user can correct: one sentence, no stack trace. */
export class UserError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.system) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** More lines than this are not read: the file is the wrong one. */
const MOST_LINES = 100;

function linesOf(problems: readonly Problem[]): readonly string[] {
  const lines = problems.slice(0, MOST_LINES).map(problemLine);
  const more = problems.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${more} more problems: is this the right file?`];
}

/** A command line that is wrong; where its help is gets added where the verb's name is known. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, EXIT.usage);
  }
}

/** Settings that cannot be used: every problem, one a line. */
export class SettingsError extends UserError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(linesOf(problems).join('\n'), EXIT.configuration);
    this.problems = problems;
  }
}

/** A program or a build that we started and that failed: what ran and how it ended, what it said. */
export class CommandFailed extends UserError {
  readonly output: string;

  constructor(what: string, output: string) {
    const said = output.trim();
    super(said === '' ? what : `${what}\n${said}`);
    this.output = said;
  }
}

/** The error for a developer's screen; our own faults with their stack trace. */
export function describeError(fault: unknown): string {
  if (fault instanceof UserError) return fault.message;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

/** A line of a stack trace (v8.dev, "Stack trace API"). */
const FRAME = /^ {4}at \S.*$/;

/**
 * A fault of ours for a report that a user may pass on: its kind and where it happened. Its message
 * is left out, since those of Node.js quote what they were given: a pattern, a JSON text, a path.
 */
export function crashReport(fault: unknown): string {
  if (!(fault instanceof Error)) return typeof fault;
  const code = isSystemError(fault) && /^[A-Z][A-Z0-9_]*$/.test(`${fault.code}`) ? fault.code : '';
  const { stack = '', message } = fault;
  const end = stack.indexOf(message);
  const below = end < 0 ? stack : stack.slice(end + message.length);
  const frames = below.split('\n').filter((line) => FRAME.test(line));
  return [`${fault.constructor.name} ${code}`.trim(), ...frames].join('\n');
}

/** Whether a caught value is Node's error of a failed system call. */
export const isSystemError = (fault: unknown): fault is NodeJS.ErrnoException =>
  fault instanceof Error && 'code' in fault;
