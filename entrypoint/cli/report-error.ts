import { crashReport, EXIT, type ExitCode, SettingsError, UserError } from './errors.ts';

/** The output for errors. */
export interface Screen {
  /** Whether problems of the settings are wanted as JSON, on standard output. */
  readonly json: boolean;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** The one place where an error ends a program: tells it. @returns the exit code */
export function report(fault: unknown, { json, print, warn }: Screen): ExitCode {
  if (fault instanceof SettingsError) {
    if (json) print(JSON.stringify({ ok: false, problems: fault.problems }, null, 2));
    else for (const line of fault.message.split('\n')) warn(line);
    return fault.exitCode;
  }
  if (fault instanceof UserError) {
    warn(fault.message);
    return fault.exitCode;
  }
  warn(`this is a bug of hikyaku, please report it: ${crashReport(fault)}`);
  return EXIT.bug;
}

/** Tells of errors that reach no catch, in the place of Node.js, which would print their messages. */
export function reportUncaught(screen: Screen): void {
  process.once('uncaughtException', (fault) => process.exit(report(fault, screen)));
}
