import { accessSync, constants } from 'node:fs';
import { UserError } from '../errors.ts';
import { cleanEnvironment } from './run.ts';

const MASTER = '/usr/lib/postfix/sbin/master';

/**
 * Becomes Postfix: the process keeps its number, and nothing of this program is left. `-i` is the
 * way to run as process 1, `-s` the way to stay in the foreground under another init (master(8)).
 * @param processId this process's own number
 */
export function execPostfix(processId: number, timeZone: string | undefined): never {
  // process.execve aborts the whole program when it fails, so look first.
  try {
    accessSync(MASTER, constants.X_OK);
  } catch {
    throw new UserError(`${MASTER} is not there: this is not the image's own file system`);
  }
  const option = processId === 1 ? '-i' : '-s';
  process.execve?.(MASTER, [MASTER, option], cleanEnvironment(timeZone));
  throw new UserError('this Node.js has no process.execve: use Node.js 22.15 or later');
}
