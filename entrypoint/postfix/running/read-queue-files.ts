import { statSync } from 'node:fs';
import { CommandFailed } from '../../cli/errors.ts';
import { type QueueFile, readQueueFiles } from '../queue-file.ts';
import { SPOOL } from '../spool.ts';
import { askPostfix } from './list-queue.ts';

/** Maximum number of files to read at once, and in total. */
const FILES = { atOnce: 100, most: 2_000 };

/** Reads queue files with postcat(1); only the first ones of a long list. */
export async function queueFiles(all: readonly string[]): Promise<readonly QueueFile[]> {
  const ids = all.slice(0, FILES.most);
  const files: QueueFile[] = [];
  for (let first = 0; first < ids.length; first += FILES.atOnce) {
    files.push(...(await readSome(ids.slice(first, first + FILES.atOnce))));
  }
  return files;
}

async function readSome(ids: readonly string[]): Promise<readonly QueueFile[]> {
  try {
    return readQueueFiles(await askPostfix('postcat', '-qeh', ...ids), nextTry);
  } catch (fault) {
    if (!(fault instanceof CommandFailed)) throw fault;
    // One of them was delivered in the meantime, and postcat ends there.
    const [first, ...others] = ids;
    if (first === undefined || others.length === 0) return [];
    const half = Math.ceil(ids.length / 2);
    return [...(await readSome(ids.slice(0, half))), ...(await readSome(ids.slice(half)))];
  }
}

/** The queue manager keeps the time of the next attempt as the file's own (qmgr(8), deferred). */
function nextTry(path: string): number | undefined {
  if (!path.startsWith('deferred/')) return undefined;
  return statSync(`${SPOOL}/${path}`, { throwIfNoEntry: false })?.mtimeMs;
}
