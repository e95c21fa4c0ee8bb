import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { isSystemError } from '../errors.ts';

/**
 * The directories in which everything is Postfix's own. What lies in maildrop belongs to whoever
 * posted it, and pickup(8) goes by that.
 */
const QUEUES = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'saved',
  'trace',
] as const;

/** What is there now: in a queue that is at work, files come and go. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ENOENT') return [];
    throw fault;
  }
}

const below = (directory: string, owner: number): readonly string[] =>
  namesIn(directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    const inner = stat.isDirectory() ? below(path, owner) : [];
    return stat.uid === owner ? inner : [...inner, path];
  });

/**
 * Files and directories of the queue that are not Postfix's own, as a copy or a backup leaves them
 * behind. One such file ends the queue manager as often as it is started, and no mail goes out.
 * @param spool the directory of the queue
 * @param owner the number of Postfix's user
 */
export const strangers = (spool: string, owner: number): readonly string[] =>
  QUEUES.flatMap((queue) => below(`${spool}/${queue}`, owner));

/** Makes them Postfix's own. */
export function adopt(paths: readonly string[], owner: number): void {
  for (const path of paths) lchownSync(path, owner, lstatSync(path).gid);
}
