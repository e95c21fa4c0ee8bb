import { createInterface } from 'node:readline';
import { EXIT, UserError } from '../cli/errors.ts';

/** The user who logs in. */
export interface Terminal extends Disposable {
  readonly print: (line: string) => void;
  /** Whether a user can answer. */
  readonly isThere: boolean;
  /**
   * Asks for a line.
   * @throws UserError when no user can answer, or the user cancels
   */
  readonly ask: (question: string) => Promise<string>;
}

/**
 * The terminal of this process; without one, what is piped in counts. Its input is read from the
 * first question on, so that nothing is lost that comes between two of them.
 */
export function terminalOf(print: (line: string) => void): Terminal {
  let asker: Asker | undefined;
  return {
    print,
    isThere: process.stdin.isTTY === true,
    ask: (question) => {
      asker ??= openInput();
      return asker.ask(question);
    },
    [Symbol.dispose]: () => asker?.close(),
  };
}

interface Asker {
  readonly ask: (question: string) => Promise<string>;
  readonly close: () => void;
}

function openInput(): Asker {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(nobody()));
    // Ctrl-C, which a terminal in raw mode hands on as a letter (readline's own manual page).
    lines.once('SIGINT', () => reject(brokenOff()));
  });
  ended.catch(() => undefined);
  const given = lines[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      lines.setPrompt(question);
      lines.prompt();
      const next = await Promise.race([given.next(), ended]);
      if (next.done === true) throw nobody();
      return next.value;
    },
    close: () => lines.close(),
  };
}

const brokenOff = (): UserError => new UserError('broken off: nothing has changed', EXIT.failed);

const nobody = (): UserError =>
  new UserError(
    'there is no terminal to ask at: use one (docker exec -it relay hikyaku login)',
    EXIT.usage,
  );
