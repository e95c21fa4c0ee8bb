import { chmodSync, statSync } from 'node:fs';
import { isSystemError, UserError } from '../cli/errors.ts';
import { CONFIG_DIRECTORY } from '../render/file.ts';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Who may write to the directory of main.cf may replace it, and with it what root runs. Kubernetes
 * makes its volumes in memory writable for everybody ("emptyDir"); Docker does not.
 * @throws UserError when another user owns the directory
 */
export function protectConfigDirectory(): void {
  const { mode } = statSync(CONFIG_DIRECTORY);
  if ((mode & WRITABLE_BY_OTHERS) === 0) return;
  try {
    chmodSync(CONFIG_DIRECTORY, 0o755);
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(
      `${CONFIG_DIRECTORY} may be written by others than root, and this container may not change ` +
        'that: mount a tmpfs there, or an empty directory that belongs to root',
    );
  }
}
