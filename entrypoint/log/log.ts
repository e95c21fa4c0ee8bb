import { type LogEvent, readEvent, type Timed } from './event.ts';
import { type LogLine, readLine } from './line.ts';

/** What the log of a relay tells. */
export interface Log {
  /** The time of its first line; undefined when none of it is Postfix's. */
  readonly since: Date | undefined;
  readonly events: readonly Timed[];
}

/**
 * Reads a whole log.
 * @param now when it was read
 * @param hostname how this relay's machine calls itself: which lines are its own in a log of several
 *   containers, one of which may be another Postfix
 */
export function readLog(text: string, now: Date, hostname?: string): Log {
  let since: Date | undefined;
  const events: Timed[] = [];
  const lines = text.split('\n').flatMap((line) => readLine(line, now) ?? []);
  for (const read of hostname === undefined ? lines : linesOf(hostname, lines)) {
    since ??= read.time;
    const event: LogEvent | undefined = readEvent(read);
    if (event !== undefined) events.push({ ...event, time: read.time });
  }
  return { since, events };
}

/** Postfix leaves the domain out. */
const label = (hostname: string): string => hostname.replace(/\..*/s, '').toLowerCase();

/** The lines from where this relay's come; all of them when it is not among them by its name. */
function linesOf(hostname: string, lines: readonly LogLine[]): readonly LogLine[] {
  const own = new Set(
    lines.filter(({ host }) => label(host) === label(hostname)).map(({ source }) => source),
  );
  return own.size === 0 ? lines : lines.filter(({ source }) => own.has(source));
}
