import { readdirSync, readFileSync } from 'node:fs';
import { EXIT, isSystemError, UserError } from '../errors.ts';
import { SPOOL } from './spool.ts';

/** The process number of Postfix's master, as master(8) writes it down. */
const PID_FILE = `${SPOOL}/pid/master.pid`;

/**
 * Finds the running Postfix. The answer tells it to read its configuration anew: connections in
 * progress go on with the old one (SIGHUP in master(8)).
 * @throws UserError when Postfix does not run here
 */
export function findPostfix(): () => void {
  try {
    const master = Number(readFileSync(PID_FILE, 'utf8').trim());
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

/** Whether Postfix has mail in hand, as opposed to mail that waits for another attempt. */
export const isMailOnItsWay = (): boolean =>
  ['incoming', 'active'].some((queue) => readdirSync(`${SPOOL}/${queue}`).length > 0);
