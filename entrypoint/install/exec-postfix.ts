import { accessSync, constants, readFileSync } from 'node:fs';
import { UserError } from '../cli/errors.ts';
import { cleanEnvironment } from '../postfix/running/command.ts';

const MASTER = '/usr/lib/postfix/sbin/master';

/** The fifth field of /proc/PID/stat (proc_pid_stat(5)); the second may hold anything but a ")". */
const processGroup = (stat: string): number => Number(stat.replace(/^.*\) /s, '').split(' ')[2]);

/**
 * The option that keeps master(8) in the foreground. `-i` is for process 1. `-s` starts a new
 * session and process group, which the kernel refuses to a group leader, such as a program that
 * tini starts (`docker run --init`). `-d` keeps both.
 * @param stat this process's /proc/PID/stat
 */
export function foreground(processId: number, stat: string): '-i' | '-s' | '-d' {
  if (processId === 1) return '-i';
  return processGroup(stat) === processId ? '-d' : '-s';
}

/** How the shell that is process 1 learns that everything is in place for it to become Postfix. */
const HAND_OVER = 3;

/** Whether process 1 is the shell of scripts/image/hikyaku, which waits for this process to end. */
const isAwaited = (): boolean =>
  process.ppid === 1 && readFileSync('/proc/1/comm', 'utf8') === 'hikyaku\n';

/**
 * Replaces this process, or process 1, by Postfix.
 * @param processId this process's own number
 */
export function execPostfix(processId: number, timeZone: string | undefined): never {
  // process.execve aborts the whole program when it fails, so look first.
  try {
    accessSync(MASTER, constants.X_OK);
  } catch {
    throw new UserError(`${MASTER} is not there: this is not the image's own file system`);
  }
  if (isAwaited()) process.exit(HAND_OVER);
  const option = foreground(processId, readFileSync('/proc/self/stat', 'utf8'));
  process.execve?.(MASTER, [MASTER, option], cleanEnvironment(timeZone));
  throw new UserError('this Node.js has no process.execve: use Node.js 22.15 or later');
}
