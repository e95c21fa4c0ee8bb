import { type LogEvent, readEvent, type Timed } from './event.ts';
import { readLine } from './line.ts';

/** What the log of a relay tells. */
export interface Log {
  /** The time of its first line; undefined when none of it is Postfix's. */
  readonly since: Date | undefined;
  readonly events: readonly Timed[];
}

/** Reads a whole log. @param now when it was read */
export function readLog(text: string, now: Date): Log {
  let since: Date | undefined;
  const events: Timed[] = [];
  for (const line of text.split('\n')) {
    const read = readLine(line, now);
    if (read === undefined) continue;
    since ??= read.time;
    const event: LogEvent | undefined = readEvent(read);
    if (event !== undefined) events.push({ ...event, time: read.time });
  }
  return { since, events };
}
