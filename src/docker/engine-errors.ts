/**
 * The engine's errors in its own words, which show the fault and usually the remedy.
 * dockerode's errors carry `statusCode`; those of the connection carry Node.js's `code`.
 */
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { engineMessage } from './answers.ts';
import { explainProbes, stateFromError } from './engine.ts';

/** Error codes of an engine that stopped in the middle of an answer. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE']);

/** The engine's error in words for the user; other errors stay unchanged. */
export function explainEngineError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  if ('statusCode' in error) {
    return new UserError(`the Docker engine refuses this: ${engineMessage(error)}`);
  }
  const { code, syscall, address } = error as NodeJS.ErrnoException & { readonly address?: string };
  // Only errors of connect(2), since a missing file has the same code.
  if (syscall === 'connect') {
    const probe = { ...stateFromError(error), address: `${address}` };
    return new UserError(explainProbes([probe]), EXIT.unavailable);
  }
  if (!BROKEN.has(`${code}`)) return error;
  return new UserError(
    'the Docker engine broke off the connection: see whether it still runs.',
    EXIT.unavailable,
  );
}
