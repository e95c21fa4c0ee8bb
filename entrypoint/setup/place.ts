/** Puts the files in place: each is written beside its name, and all are renamed at the end. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isSystemError, UserError } from '../cli/errors.ts';
import type { SetupFile } from './files.ts';

/** Names that Compose reads as well, or that hold what a relay needs. */
const OF_A_SETUP = [
  ...['relay.yaml', 'compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'],
  ...['secrets/relay_password', 'secrets/submission_password'],
];

/** The existing files of a set-up in a directory. */
export const existingFiles = (directory: string): readonly string[] =>
  OF_A_SETUP.filter((name) => existsSync(path.join(directory, name)));

/**
 * Writes all of them or none. They belong to the owner of the directory: in the container this
 * program is root. Nothing in here waits, so that no signal comes in between.
 * @throws UserError when the directory cannot be written to
 */
export function place(directory: string, files: readonly SetupFile[]): void {
  const { uid, gid } = statSync(directory);
  const own = (file: string): void => {
    if (process.getuid?.() === 0) chownSync(file, uid, gid);
  };
  using undo = new DisposableStack();
  try {
    const written = files.map(({ path: name, mode, content }) => {
      const target = path.join(directory, name);
      const folder = path.dirname(target);
      if (!existsSync(folder)) {
        mkdirSync(folder, { mode: 0o700 });
        undo.defer(() => rmdirSync(folder));
        own(folder);
      }
      const beside = path.join(folder, `.${path.basename(target)}.new`);
      rmSync(beside, { force: true });
      writeFileSync(beside, content, { mode, flag: 'wx' });
      undo.defer(() => rmSync(beside, { force: true }));
      own(beside);
      return { beside, target };
    });
    for (const { beside, target } of written) renameSync(beside, target);
    undo.move();
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(`${directory}: the files cannot be written (${fault.message})`);
  }
}
