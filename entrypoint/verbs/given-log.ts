import { hostname } from 'node:os';
import { isPiped, readPiped } from '../inputs/standard-input.ts';
import { type Log, readLog } from '../log/log.ts';

/** The log that somebody pipes in; undefined without one. Postfix's log is nowhere in the container. */
export async function givenLog(warn: (line: string) => void): Promise<Log | undefined> {
  if (!isPiped()) return undefined;
  const piped = await readPiped(process.stdin);
  if (piped === undefined) return undefined;
  if (!piped.ended) warn('the log goes on; what came until now is used (leave -f out)');
  const log = readLog(piped.text, new Date(), hostname());
  if (log.since !== undefined) return log;
  warn('what came on standard input holds no line of Postfix: give the whole log, with 2>&1');
  return undefined;
}
