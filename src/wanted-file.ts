/** Files that stand on the command line. */
import { accessSync, constants, statSync } from 'node:fs';
import { isSystemError, UserError } from '../entrypoint/cli/errors.ts';
import { quoted } from '../entrypoint/settings/problem.ts';

/** @throws UserError when there is no such file, or none that can be read */
export function requireFile(file: string): void {
  const wrong = faultOf(file);
  if (wrong === undefined) return;
  throw new UserError(
    `${quoted(file)} ${wrong}: give the path of a file on this machine that you may read`,
  );
}

function faultOf(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return 'is a directory';
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    if (fault.code === 'ENOENT' || fault.code === 'ENOTDIR') return 'does not exist';
    return `cannot be read (${fault.code ?? fault.message})`;
  }
}
