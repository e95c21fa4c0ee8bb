import { readdirSync, readFileSync } from 'node:fs';
import { EXIT, isSystemError, UserError } from '../errors.ts';
import { MASTER_PID, SPOOL } from './spool.ts';

/**
 * Finds the running Postfix. The answer tells it to read its configuration anew: connections in
 * progress go on with the old one (SIGHUP in master(8)).
 * @throws UserError when Postfix does not run here
 */
export function findPostfix(): () => void {
  try {
    const master = Number(readFileSync(MASTER_PID, 'utf8').trim());
    process.kill(master, 0);
    return () => {
      process.kill(master, 'SIGHUP');
    };
  } catch (fault) {
    if (isSystemError(fault) && (fault.code === 'ENOENT' || fault.code === 'ESRCH')) {
      throw new UserError('Postfix does not run here: start the container first', EXIT.unavailable);
    }
    throw fault;
  }
}

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

/** Whether Postfix has mail in hand, as opposed to mail that waits for another attempt. */
export const isMailOnItsWay = (): boolean =>
  ['incoming', 'active'].some((queue) => readdirSync(`${SPOOL}/${queue}`).length > 0);
