import {
  closeSync,
  fchmodSync,
  futimesSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RenderedFile } from '../render/file.ts';

// Every Postfix program that reads a main.cf younger than about two seconds sleeps until it has
// "cooled down" (mail_conf_suck in the source), so the files are dated back.
const AGE_SECONDS = 60;

/**
 * Writes the files, each in one step: a reader sees the old content or the new. A file is born
 * with its final permissions, so a secret is at no time readable by others.
 * @param now the time in milliseconds since 1970
 */
export function writeFiles(files: readonly RenderedFile[], now: number): void {
  const date = now / 1000 - AGE_SECONDS;
  for (const { path, mode, content } of files) {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.new`;
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, 'wx', mode);
    try {
      fchmodSync(handle, mode);
      writeSync(handle, content);
      futimesSync(handle, date, date);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
  }
}

/** Tables that hikyaku may have written at an earlier start, and no longer does. */
export function removeStale(
  directory: string,
  names: readonly string[],
  files: readonly RenderedFile[],
): void {
  const kept = new Set(files.map(({ path }) => path));
  for (const name of names) {
    const path = `${directory}/${name}`;
    if (kept.has(path)) continue;
    for (const suffix of ['', '.lmdb', '.db', '.cdb']) rmSync(path + suffix, { force: true });
  }
}
