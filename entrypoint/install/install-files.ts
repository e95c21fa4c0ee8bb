import {
  closeSync,
  existsSync,
  fchmodSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isSystemError, UserError } from '../cli/errors.ts';
import { INDEX_SUFFIXES, indexSuffix } from '../postfix/table-reference.ts';
import { OWN_LOGIN } from '../render/accounts.ts';
import { CONFIG_DIRECTORY, nameOf, type RenderedFile } from '../render/file.ts';
import { madeAs } from './made-as.ts';
import { indexTables } from './postmap.ts';

/** The place of the files until all of them are written and indexed. */
const STAGING = `${CONFIG_DIRECTORY}/.staging`;

// Every Postfix program that reads a main.cf younger than about two seconds sleeps until it has
// "cooled down" (mail_conf_suck in the source), so the files are dated back.
const AGE_SECONDS = 60;

/** The files whose content differs from what is in place, or that are not there yet. */
export const changedFiles = (files: readonly RenderedFile[]): readonly RenderedFile[] =>
  files.filter(({ path, content }) => !existsSync(path) || readFileSync(path, 'utf8') !== content);

/**
 * Installs all files or leaves the old ones. They are written and indexed in a staging directory,
 * and renamed only when every step succeeded. Tables come first, so that main.cf never refers to a
 * missing table. Obsolete files are removed last.
 * @param ownNames the names of all files that may have been written at an earlier time
 * @param now the time in milliseconds since 1970
 */
export async function installFiles(
  files: readonly RenderedFile[],
  ownNames: readonly string[],
  now: number,
): Promise<void> {
  try {
    rmSync(STAGING, { recursive: true, force: true });
    mkdirSync(STAGING, { mode: 0o700 });
    const staged = files.map((file) => ({ ...file, path: `${STAGING}/${nameOf(file)}` }));
    for (const file of staged) writeFile(file, now);
    await indexTables(staged);
    for (const file of [...files].reverse()) takeName(file);
  } catch (fault) {
    throw installError(fault);
  } finally {
    rmSync(STAGING, { recursive: true, force: true });
  }
  removeStale(ownNames, files);
}

function installError(fault: unknown): unknown {
  if (!isSystemError(fault)) return fault;
  const [what, right] =
    fault.code === 'ENOSPC'
      ? ['is full', 'give it more room']
      : [`cannot be written (${fault.code})`, 'mount a tmpfs there'];
  return new UserError(`${CONFIG_DIRECTORY} ${what}: ${right}; nothing was changed`);
}

/** Creates the file with its final permissions, so that others can never read a secret. */
function writeFile({ path, mode, group, content }: RenderedFile, now: number): void {
  const date = now / 1000 - AGE_SECONDS;
  const open = () => openSync(path, 'wx', mode);
  const handle = group === undefined ? open() : madeAs(undefined, group, open);
  try {
    fchmodSync(handle, mode);
    // Unlike writeSync, which may stop halfway on a full disk and says so only in its result.
    writeFileSync(handle, content);
    futimesSync(handle, date, date);
  } finally {
    closeSync(handle);
  }
}

function takeName(file: RenderedFile): void {
  const suffix = indexSuffix(file.index);
  if (suffix !== undefined) {
    renameSync(`${STAGING}/${nameOf(file)}${suffix}`, `${file.path}${suffix}`);
  }
  renameSync(`${STAGING}/${nameOf(file)}`, file.path);
}

function removeStale(ownNames: readonly string[], files: readonly RenderedFile[]): void {
  const kept = new Set(
    files.flatMap(({ path, index }) => [path, path + (indexSuffix(index) ?? '')]),
  );
  // Each account may have had a table of logins of its own.
  const logins = readdirSync(CONFIG_DIRECTORY).filter((name) => name.startsWith(OWN_LOGIN));
  for (const name of [...ownNames, ...logins]) {
    for (const suffix of ['', ...INDEX_SUFFIXES]) {
      const path = `${CONFIG_DIRECTORY}/${name}${suffix}`;
      if (!kept.has(path)) rmSync(path, { force: true });
    }
  }
}
