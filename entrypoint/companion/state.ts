import { accessSync, constants, mkdirSync } from 'node:fs';
import { isSystemError, UserError } from '../cli/errors.ts';
import { lossOf, readMounts } from '../inputs/mounts.ts';

/** The directory for state that should survive a restart; a volume if one is used. */
export const STATE_DIRECTORY = '/var/lib/hikyaku';

/**
 * Makes sure that something can be kept.
 * @param what the kind of the state, for the message
 * @returns a warning when it would be gone with the container
 * @throws UserError when it is not writable
 */
export function prepareState(what: string): string | undefined {
  try {
    mkdirSync(STATE_DIRECTORY, { recursive: true, mode: 0o700 });
    accessSync(STATE_DIRECTORY, constants.W_OK);
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(
      `${STATE_DIRECTORY} cannot be written (${fault.code}), and ${what} are kept there: mount a ` +
        `volume at ${STATE_DIRECTORY}`,
    );
  }
  const loss = lossOf(readMounts(), STATE_DIRECTORY);
  if (loss === undefined) return undefined;
  return (
    `${STATE_DIRECTORY} ${loss}: ${what} are gone with the container; mount a volume there ` +
    `(-v hikyaku-state:${STATE_DIRECTORY})`
  );
}
