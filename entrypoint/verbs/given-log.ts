import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { HISTORY_FILE, History } from '../companion/recorder/history.ts';
import { isPiped, readPipedLines } from '../inputs/standard-input.ts';
import type { HistoryMessage } from '../log/history-message.ts';
import { type Listener, LogReader } from '../log/reader.ts';

/** What is known of the past, from a log that somebody pipes in or from the relay's history. */
export interface Past<L> {
  /** Those who were told of the events; several where a log holds several relays. */
  readonly listeners: readonly L[];
  /** When it begins. */
  readonly since: Date | undefined;
}

/** Messages and refusals that are looked up in the history. */
export type LookUp = (history: History) => {
  readonly messages: readonly HistoryMessage[];
  readonly since: Date;
};

/**
 * The log that somebody pipes in, or else the history; undefined without either.
 * @param newListener who is told of its events
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
  const reader = new LogReader(newListener, () => new Date(), hostname());
  const ending = await readPipedLines(process.stdin, (line) => reader.push(line));
  if (ending === 'nothing') return undefined;
  if (ending === 'goes on') warn('the log goes on; what came until now is used (leave -f out)');
  if (reader.since !== undefined) return reader;
  warn('what came on standard input holds no line of Postfix: give the whole log, with 2>&1');
  return undefined;
}

/** So many refusals are gone through. */
const MOST_REFUSALS = 10_000;

/** The events of the history, in the order in which they came. */
function keptPast<L extends Listener>(newListener: () => L, lookUp: LookUp): Past<L> | undefined {
  if (!existsSync(HISTORY_FILE)) return undefined;
  using history = History.openToRead(HISTORY_FILE);
  const { messages, since } = lookUp(history);
  const found = new Map(messages.map((message) => [message.id, message]));
  // A notice to the sender is a message of its own.
  for (const { events } of messages) {
    for (const event of events) {
      if (event.kind !== 'notified') continue;
      for (const notice of history.messages({ id: event.by, since: event.time, most: 1 })) {
        found.set(notice.id, notice);
      }
    }
  }
  const events = [
    ...[...found.values()].flatMap((message) => message.events),
    ...history.refusals(since, MOST_REFUSALS),
  ].sort((a, b) => a.time.getTime() - b.time.getTime());
  const listener = newListener();
  for (const event of events) listener.hear(event);
  return { listeners: [listener], since: history.since ?? new Date() };
}
