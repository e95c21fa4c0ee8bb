import { CommandFailed } from '../../cli/errors.ts';
import { type QueuedMessage, readQueue } from '../queue-entry.ts';
import { COMMAND_CONFIG, outputOf, run } from './command.ts';

/**
 * Runs one of Postfix's commands on the queue; the queue's place is Postfix's default.
 * @throws CommandFailed when it fails
 */
export const askPostfix = (program: string, ...words: readonly string[]): Promise<string> =>
  outputOf([`/usr/sbin/${program}`, '-c', COMMAND_CONFIG, ...words]);

/** However long the queue is: its lister begins at once, or not at all. */
const PATIENCE_MS = 4_000;

/**
 * Every message that waits (postqueue(1)).
 * @throws CommandFailed when Postfix does not list them: postqueue itself would wait for ever for a
 *   lister (showq) that does not start
 */
export async function queuedMessages(): Promise<readonly QueuedMessage[]> {
  const command = ['/usr/sbin/postqueue', '-c', COMMAND_CONFIG, '-j'];
  const { ok, status, output } = await run(command, PATIENCE_MS);
  if (ok) return readQueue(output);
  if (status !== 'ended by SIGTERM') {
    throw new CommandFailed(`${command.join(' ')}: ${status}`, output);
  }
  throw new CommandFailed(
    'Postfix does not list its queue (showq does not answer): "hikyaku doctor" looks for what is ' +
      'wrong with it',
    '',
  );
}
