import { createInterface } from 'node:readline/promises';
import { EXIT, UserError } from './errors.ts';

/**
 * Asks before something is lost. @throws UserError without a terminal, or when the answer is no
 * @param yes whether the answer was given on the command line (--yes)
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError(
      `${question} There is no terminal to ask at: add --yes, or use docker exec -it`,
      EXIT.usage,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('nothing was deleted', EXIT.failed);
  } finally {
    terminal.close();
  }
}
