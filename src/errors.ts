/**
 * The three kinds of failure a command can end in. A command throws one of the first two; whatever
 * else reaches the single catch is our own bug and keeps its stack trace.
 */

/** Something the user can mend. The message says what is wrong and what to do; nothing else is printed. */
export class UserError extends Error {
  override name = 'UserError';
}

/** A command or a build that we started and that failed: what ran, how it ended, what it said. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
  readonly output: string;

  constructor(what: string, output: string) {
    super(what);
    this.output = output.trimEnd();
  }
}

/** Exit codes; `usage` is EX_USAGE of sysexits.h. */
export const exitCode = { ok: 0, failed: 1, usage: 64 } as const;

/** Text for the screen, with the stack only where the fault is ours. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof CommandFailed) {
    return error.output === '' ? error.message : `${error.message}\n\n${error.output}\n`;
  }
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
