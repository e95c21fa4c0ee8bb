import { COMMAND_CONFIG, outputOf } from '../apply/run.ts';
import { type QueuedMessage, readQueue } from './queue.ts';

/**
 * Runs one of Postfix's commands on the queue; the queue's place is Postfix's default.
 * @throws CommandFailed when it fails
 */
export const askPostfix = (program: string, ...words: readonly string[]): Promise<string> =>
  outputOf([`/usr/sbin/${program}`, '-c', COMMAND_CONFIG, ...words]);

/** Every message that waits (postqueue(1)). */
export const queuedMessages = async (): Promise<readonly QueuedMessage[]> =>
  readQueue(await askPostfix('postqueue', '-j'));
