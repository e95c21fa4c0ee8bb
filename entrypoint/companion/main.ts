/**
 * companion.js: keeps the access tokens whenever they are due. It is a program of its own, so that the
 * relay's start need not load what only this needs.
 */
import { EXIT, type ExitCode } from '../cli/errors.ts';
import { report } from '../cli/report-error.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import { writeDue } from './due.ts';
import { TOKENS } from './programs.ts';
import { keepTokens } from './tokens/tokens.ts';

const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

/** After an unexpected failure. */
const AGAIN_SECONDS = 30;

async function run(): Promise<ExitCode> {
  try {
    await oneAtATime(() => keepTokens(TOKENS.dueFile, warn), 'companion');
    return EXIT.ok;
  } catch (fault) {
    writeDue(TOKENS.dueFile, Date.now() / 1000 + AGAIN_SECONDS);
    throw fault;
  }
}

process.exitCode = EXIT.bug;
run()
  .catch((fault: unknown) => report(fault, { json: false, print: warn, warn }))
  .then((code) => {
    process.exitCode = code;
  });
