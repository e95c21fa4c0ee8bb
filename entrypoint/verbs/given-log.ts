import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { History } from '../companion/recorder/history.ts';
import { HISTORY_FILE } from '../companion/recorder/history-file.ts';
import { type Found, tell } from '../companion/recorder/tell.ts';
import { isPiped, readPipedLines } from '../inputs/standard-input.ts';
import { type Listener, LogReader } from '../log/reader.ts';

/** Past events, from a log on standard input or from the relay's history. */
export interface Past<L> {
  /** The listeners that received the events; several if the log holds several relays. */
  readonly listeners: readonly L[];
  /** When it begins. */
  readonly since: Date | undefined;
}

/** The query for the history. */
export type LookUp = (history: History) => Found;

/**
 * The log from standard input, or else the history; undefined without either.
 * @param newListener receives its events
 * @param lookUp what of the history matters
 */
export async function givenPast<L extends Listener>(
  newListener: () => L,
  lookUp: LookUp,
  warn: (line: string) => void,
): Promise<Past<L> | undefined> {
  return (await pipedLog(newListener, warn)) ?? keptPast(newListener, lookUp);
}

async function pipedLog<L extends Listener>(
  newListener: () => L,
  warn: (line: string) => void,
): Promise<Past<L> | undefined> {
  if (!isPiped()) return undefined;
  // Only a little of a long log is in use at a time; V8 would let its garbage grow several times as
  // large.
  setFlagsFromString('--heap-growing-percent=10');
  const reader = new LogReader(newListener, () => new Date(), hostname());
  const ending = await readPipedLines(process.stdin, (line) => reader.push(line));
  if (ending === 'nothing') return undefined;
  if (ending === 'goes on') warn('the log goes on; what came until now is used (leave -f out)');
  if (reader.since !== undefined) return reader;
  warn('what came on standard input holds no line of Postfix: give the whole log, with 2>&1');
  return undefined;
}

/** Undefined where no history is kept. */
function keptPast<L extends Listener>(newListener: () => L, lookUp: LookUp): Past<L> | undefined {
  if (!existsSync(HISTORY_FILE)) return undefined;
  using history = History.openToRead(HISTORY_FILE);
  const listener = newListener();
  tell(listener, history, lookUp(history));
  return { listeners: [listener], since: history.since ?? new Date() };
}
