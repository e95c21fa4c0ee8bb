import { existsSync, lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { outputOf } from '../postfix/running/command.ts';

/**
 * The directories in which Postfix owns every file. A file in maildrop belongs to the user who
 * posted it, and pickup(8) relies on that.
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

/** Whether the directory has a file at any depth, or a directory of another user. */
const holdsMore = (directory: string, owner: number): boolean =>
  readdirSync(directory, { withFileTypes: true }).some((entry) => {
    const path = `${directory}/${entry.name}`;
    return !entry.isDirectory() || statSync(path).uid !== owner || holdsMore(path, owner);
  });

/**
 * Files and directories of the queue that are not Postfix's own, as a copy or a backup leaves them
 * behind. One such file ends the queue manager as often as it is started, and no mail goes out.
 * Many files are find(1)'s to look at, in a fifth of the time; an empty queue does without.
 * @param spool the directory of the queue
 * @param owner the number of Postfix's user
 */
export async function strangers(spool: string, owner: number): Promise<readonly string[]> {
  const directories = QUEUES.map((queue) => `${spool}/${queue}`).filter((one) => existsSync(one));
  if (!directories.some((one) => holdsMore(one, owner))) return [];
  const wanted = ['!', '-uid', String(owner), '-print0'];
  // In a queue that is at work, files come and go.
  const found = await outputOf(['find', ...directories, '-ignore_readdir_race', ...wanted]);
  return found.split('\0').filter((path) => path !== '');
}

/** Makes them Postfix's own. */
export function adopt(paths: readonly string[], owner: number): void {
  for (const path of paths) lchownSync(path, owner, lstatSync(path).gid);
}
