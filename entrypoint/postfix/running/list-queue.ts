import { existsSync, readdirSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { CommandFailed } from '../../cli/errors.ts';
import { type QueuedMessage, readQueueLine } from '../queue-entry.ts';
import { SPOOL } from '../spool.ts';
import { COMMAND_CONFIG, outputOf, runWith } from './command.ts';
import { isMasterThere } from './master.ts';

/**
 * Runs one of Postfix's commands on the queue; the queue's place is Postfix's default.
 * @throws CommandFailed when it fails
 */
export const askPostfix = (program: string, ...words: readonly string[]): Promise<string> =>
  outputOf([`/usr/sbin/${program}`, '-c', COMMAND_CONFIG, ...words]);

/**
 * Has postsuper(1) change the queue. While Postfix runs, it logs where Postfix logs, so that the history
 * knows what became of a message.
 * @throws CommandFailed when it fails
 */
export const changeQueue = (...words: readonly string[]): Promise<string> =>
  isMasterThere() ? outputOf(['/usr/sbin/postsuper', ...words]) : askPostfix('postsuper', ...words);

/** However long the queue is: its lister begins at once, or not at all. */
const PATIENCE_MS = 4_000;

/** Postfix does not list its queue: postqueue would wait for ever for a lister that does not start. */
export class QueueUnlisted extends CommandFailed {
  constructor() {
    super(
      'Postfix does not list its queue (showq does not answer): "hikyaku doctor" looks for what is ' +
        'wrong with it',
      '',
    );
  }
}

/**
 * Hands on every message that waits, as postqueue(1) lists it.
 * @param hear may end the list when it has heard enough
 * @param config the option for the configuration; empty for other users than root: it is root's
 *   but the running one (alternate_config_directories in postconf(5))
 * @throws QueueUnlisted, or CommandFailed when postqueue fails
 */
export async function eachQueued(
  hear: (message: QueuedMessage, end: () => void) => void,
  config: readonly string[] = ['-c', COMMAND_CONFIG],
): Promise<void> {
  const command = ['/usr/sbin/postqueue', ...config, '-j'];
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let hasEnough = false;
  const { ok, status, output } = await runWith(command, PATIENCE_MS, (chunk, kill) => {
    const end = (): void => {
      hasEnough = true;
      kill();
    };
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = readQueueLine(line);
      if (message !== undefined) hear(message, end);
    }
  });
  if (ok || hasEnough) return;
  if (status === 'ended by SIGTERM') throw new QueueUnlisted();
  throw new CommandFailed(`${command.join(' ')}: ${status}`, output);
}

/** Every message that waits. @throws as eachQueued does */
export async function queuedMessages(): Promise<readonly QueuedMessage[]> {
  const messages: QueuedMessage[] = [];
  await eachQueued((message) => messages.push(message));
  return messages;
}

/**
 * One message of the queue; the list is read as far as it. Undefined when it is in no queue.
 * @throws as eachQueued does
 */
export async function queuedMessage(id: string): Promise<QueuedMessage | undefined> {
  let found: QueuedMessage | undefined;
  if (queueOf(id) === undefined) return undefined;
  await eachQueued((message, end) => {
    if (message.id !== id) return;
    found = message;
    end();
  });
  return found;
}

/** Queues whose files lie in folders of their own (hash_queue_names in postconf(5)). */
const HASHED = ['deferred'];
const QUEUES = ['maildrop', 'incoming', 'active', 'hold', ...HASHED];

/**
 * The queue that a message is in, by its file: quicker than a list of all that waits. Undefined when
 * it is in none.
 */
export function queueOf(id: string, spool = SPOOL): string | undefined {
  return QUEUES.find((queue) => {
    if (existsSync(`${spool}/${queue}/${id}`)) return true;
    if (!HASHED.includes(queue)) return false;
    return readdirSync(`${spool}/${queue}`).some((hash) =>
      existsSync(`${spool}/${queue}/${hash}/${id}`),
    );
  });
}
