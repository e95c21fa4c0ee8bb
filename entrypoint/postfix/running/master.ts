import { readdirSync, readFileSync } from 'node:fs';
import { EXIT, isSystemError, UserError } from '../../cli/errors.ts';
import { MASTER_PID, SPOOL } from '../spool.ts';

/**
 * Finds the running Postfix. The answer tells it to read its configuration anew: connections in
 * progress go on with the old one (SIGHUP in master(8)).
 * @throws UserError when Postfix does not run here
 */
export function findPostfix(): () => void {
  try {
    const master = Number(readFileSync(MASTER_PID, 'utf8').trim());
    // A master that was killed leaves its number on the volume, and another program has it now: in
    // a container that is started for one verb it is this program itself.
    if (readFileSync(`/proc/${master}/comm`, 'utf8') !== 'master\n') throw notRunning();
    return () => {
      process.kill(master, 'SIGHUP');
    };
  } catch (fault) {
    if (isSystemError(fault) && (fault.code === 'ENOENT' || fault.code === 'ESRCH')) {
      throw notRunning();
    }
    throw fault;
  }
}

const notRunning = (): UserError =>
  new UserError('Postfix does not run here: start the container first', EXIT.unavailable);

/** Whether Postfix runs here. */
export function isPostfixRunning(): boolean {
  try {
    findPostfix();
    return true;
  } catch (fault) {
    if (fault instanceof UserError) return false;
    throw fault;
  }
}

/** Whether a master runs in this container, for users who may not read its PID file (root's). */
export const isMasterThere = (): boolean =>
  readdirSync('/proc').some((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/comm`, 'utf8') === 'master\n';
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });

/** Whether Postfix has mail in hand, as opposed to mail that waits for another attempt. */
export const isMailOnItsWay = (): boolean =>
  ['incoming', 'active'].some((queue) => readdirSync(`${SPOOL}/${queue}`).length > 0);
