import { hostname } from 'node:os';
import { isPiped, readPipedLines } from '../inputs/standard-input.ts';
import { type Listener, LogReader } from '../log/reader.ts';

/**
 * Reads the log that somebody pipes in; undefined without one. Postfix's log is nowhere in the
 * container.
 * @param newListener who is told of its events
 */
export async function givenLog<L extends Listener>(
  newListener: () => L,
  warn: (line: string) => void,
): Promise<LogReader<L> | undefined> {
  if (!isPiped()) return undefined;
  const reader = new LogReader(newListener, new Date(), hostname());
  const ending = await readPipedLines(process.stdin, (line) => reader.push(line));
  if (ending === 'nothing') return undefined;
  if (ending === 'goes on') warn('the log goes on; what came until now is used (leave -f out)');
  if (reader.since !== undefined) return reader;
  warn('what came on standard input holds no line of Postfix: give the whole log, with 2>&1');
  return undefined;
}
