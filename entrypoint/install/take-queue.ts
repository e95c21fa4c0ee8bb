import { existsSync } from 'node:fs';
import { UserError } from '../cli/errors.ts';
import { COMMAND_CONFIG, outputOf, run, saidBy } from '../postfix/running/command.ts';
import { MASTER_PID, SPOOL } from '../postfix/spool.ts';
import { adoptQueue, isQueueOurs } from './spool.ts';

/** Postfix's master in its test mode says by its status whether another has the lock (master(8)). */
const LOCK_TEST = ['/usr/lib/postfix/sbin/master', '-t', '-c', COMMAND_CONFIG];

// postsuper without words puts queue files where they belong; Postfix's own start does the same,
// since nothing may run before it (postfix-script, "check-fatal").
const POSTSUPER = ['/usr/sbin/postsuper', '-c', COMMAND_CONFIG];

/**
 * Makes sure that no other relay uses the queue, and repairs the places and owners of its files.
 * @returns the output of postsuper; usually empty
 * @throws UserError when another relay uses the queue: Postfix would end silently, since it has
 *   not opened its log yet; or when other users own files and the owner cannot be changed
 * @throws CommandFailed when postsuper fails
 */
export async function takeQueue(): Promise<string> {
  // Left behind when a master ends; a new volume does not have it.
  if (existsSync(MASTER_PID) && !(await run(LOCK_TEST)).ok) {
    throw new UserError(
      `another relay is at work on the queue in ${SPOOL}: stop it first, or give each relay a ` +
        'volume of its own',
    );
  }
  const [postsuper, isOurs] = await Promise.all([run(POSTSUPER), isQueueOurs()]);
  if (isOurs) return saidBy(POSTSUPER, postsuper).trim();
  await adoptQueue();
  // It ended at a directory of another user.
  return (await outputOf(POSTSUPER)).trim();
}
