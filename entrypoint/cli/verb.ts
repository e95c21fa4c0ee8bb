import type { Environment } from '../inputs/environment.ts';
import type { ExitCode } from './errors.ts';

/** What a verb gets of the world. */
export interface Call {
  readonly environment: Environment;
  /** The words behind the verb, options taken out. */
  readonly words: readonly string[];
  readonly json: boolean;
  /** Whether the answer to every question is yes (--yes). */
  readonly yes?: boolean;
  /** The sender of a test mail (--from). */
  readonly from?: string | undefined;
  /** The sender that the doctor looks at (--sender). */
  readonly sender?: string | undefined;
  /** Writes one line on standard output. */
  readonly print: (line: string) => void;
  /** Writes one line on standard error. */
  readonly warn: (line: string) => void;
}

/** One command of the entrypoint, `hikyaku NAME`. */
export interface Verb {
  readonly name: string;
  /** How it is called: `test ADDRESS`. */
  readonly usage: string;
  /** One sentence for the help. */
  readonly describe: string;
  /** Whether it takes --json. */
  readonly json?: boolean;
  readonly run: (call: Call) => Promise<ExitCode>;
}
