import { COMMAND_CONFIG, run } from '../apply/run.ts';
import { CommandError } from '../errors.ts';
import { type QueuedMessage, readQueue } from './queue.ts';

/** Runs one of Postfix's commands on the queue; the queue's place is Postfix's default. */
export async function askPostfix(program: string, ...words: readonly string[]): Promise<string> {
  const command = [`/usr/sbin/${program}`, '-c', COMMAND_CONFIG, ...words];
  const { ok, status, output } = await run(command);
  if (!ok) throw new CommandError(command, status, output);
  return output;
}

/** Every message that waits (postqueue(1)). */
export const queuedMessages = async (): Promise<readonly QueuedMessage[]> =>
  readQueue(await askPostfix('postqueue', '-j'));
