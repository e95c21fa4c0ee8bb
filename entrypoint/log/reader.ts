/**
 * The log of a relay, read a line at a time: line -> event -> story. No part keeps the log: the
 * reader turns lines into events, and stories.ts groups them and forgets messages that have left.
 *
 *   line.ts         a line of text -> time, program, text
 *   read-event.ts   what a program says of a message -> event (event.ts)
 *   session.ts      what smtpd says of a client that came to no message -> event
 *   stories.ts      events -> stories of messages (story.ts); search.ts, verdict.ts ask of them
 */
import { readDelivery } from '../advice/foreign/delivery.ts';
import type { Trouble } from '../advice/trouble.ts';
import { isInside } from '../postfix/inside-services.ts';
import type { LogEvent } from './event.ts';
import { type LogLine, readLine } from './line.ts';
import { readEvent } from './read-event.ts';
import { Sessions } from './session.ts';

/** Receives the events in the order of the log. */
export interface Listener {
  hear(event: LogEvent): void;
}

/** The lines with one name in front, usually those of one container. */
interface Source<L> {
  readonly listener: L;
  readonly sessions: Sessions;
  readonly since: Date;
  isOwn: boolean;
}

/** Postfix leaves the domain out. */
const label = (hostname: string): string => hostname.replace(/\..*/s, '').toLowerCase();

/**
 * Reads the log of a relay, which may also hold the lines of another Postfix. Each source has its
 * own listener. At the end the sources with this relay's host name count. Without such a source all
 * of them count, since a log may be older than the container.
 */
export class LogReader<L extends Listener> {
  readonly #sources = new Map<string, Source<L>>();
  readonly #newListener: () => L;
  readonly #now: () => Date;
  readonly #hostname: string | undefined;
  readonly #explain = remembering(readDelivery);

  /**
   * @param now the time of reading, since the log does not contain the year
   * @param hostname how this relay's machine calls itself; without it every source counts
   */
  constructor(newListener: () => L, now: () => Date, hostname?: string) {
    this.#newListener = newListener;
    this.#now = now;
    this.#hostname = hostname === undefined ? undefined : label(hostname);
  }

  push(text: string): void {
    const line = readLine(text, this.#now());
    if (line === undefined) return;
    const source = this.#sourceOf(line);
    const event = this.#eventIn(line, source.sessions);
    if (event !== undefined) source.listener.hear(event);
  }

  /** The listeners of this relay's sources. */
  get listeners(): readonly L[] {
    return this.#counting.map(({ listener }) => listener);
  }

  /** The time of its first line; undefined when no line is Postfix's. */
  get since(): Date | undefined {
    const times = this.#counting.map(({ since }) => since.getTime());
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }

  get #counting(): readonly Source<L>[] {
    const all = [...this.#sources.values()];
    const own = all.filter(({ isOwn }) => isOwn);
    return own.length === 0 ? all : own;
  }

  #sourceOf({ source: name, time, host }: LogLine): Source<L> {
    const known = this.#sources.get(name);
    const source = known ?? {
      listener: this.#newListener(),
      sessions: new Sessions(),
      since: time,
      isOwn: false,
    };
    if (known === undefined) this.#sources.set(name, source);
    if (this.#hostname !== undefined && !source.isOwn) {
      source.isOwn = label(host) === this.#hostname;
    }
    return source;
  }

  #eventIn(line: LogLine, sessions: Sessions): LogEvent | undefined {
    // Its only client is the relay itself. Mail that it refuses is deferred, and that is reported.
    if (line.program === 'smtpd' && isInside(line.service)) return undefined;
    if (line.program !== 'smtpd') return readEvent(line, this.#explain);
    const said = sessions.read(line);
    if (said !== undefined) return said;
    const event = readEvent(line, this.#explain);
    if (event?.kind === 'refused') sessions.tell(line);
    return event;
  }
}

/** Maximum number of remembered texts. An unreachable provider causes the same one each time. */
const REMEMBERED = 1_000;

/** A queue or a log says the same few things again and again: each is looked up once. */
export function remembering(
  read: (text: string) => Trouble | undefined,
): (text: string) => Trouble | undefined {
  const known = new Map<string, Trouble | undefined>();
  return (text) => {
    const key = withoutNumbers(text);
    if (!known.has(key)) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, read(text));
    }
    return known.get(key);
  };
}

/** Addresses of machines, and what is another in each text, such as IDs; codes of replies stay. */
const withoutNumbers = (text: string): string =>
  text.replace(/\[[0-9a-f.:]+\]/gi, '[]').replace(/<[^>]*>|\b(?=[\w-]*\d)[\w-]{12,}/g, '#');
