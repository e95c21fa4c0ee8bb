/**
 * The recorder: reads the log that Postfix writes to a file, hands every line on to the container's
 * output, as it is or as JSON, and keeps what became of each mail. It listens to nothing.
 *
 *   log-file.ts   the file, its lines, and how far they have been read
 *   messages.ts   events -> messages, as far as the log speaks of them now
 *   counting.ts   lines and events -> what the counters of /metrics grow by
 *   history.ts    the file of SQLite
 */
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isSystemError } from '../../cli/errors.ts';
import { writeDurably } from '../../install/durable.ts';
import { decodeWords } from '../../log/encoded-words.ts';
import type { LogEvent } from '../../log/event.ts';
import { readLine } from '../../log/line.ts';
import { logObject, withoutNames } from '../../log/log-object.ts';
import { type Listener, LogReader } from '../../log/reader.ts';
import { subjectIn } from '../../postfix/subject-log.ts';
import { LOG_DIRECTORY, type RecorderSettings } from '../../render/log-destination.ts';
import type { Alerter } from '../alerts/alerter.ts';
import { joinReaders } from '../page-user.ts';
import { countsIn } from './counting.ts';
import { History } from './history.ts';
import { HISTORY_FILE } from './history-file.ts';
import { LogFile, type Position } from './log-file.ts';
import { Messages } from './messages.ts';

/** How often the file is looked at; a line comes out so late at most. */
const EVERY_MS = 200;

/** How often old messages are forgotten. */
const FORGET_EVERY_MS = 60_000;

/** A file of SQLite larger than this loses its oldest messages, however young they are. */
const MOST_BYTES = 2 * 2 ** 30;

const STANDARD_OUTPUT = 1;

/**
 * Reads until it is ended. After a restart it continues after the last completed line. A few lines
 * may appear twice, but no line is lost.
 * @param alerter receives every event
 * @param onFileAside has Postfix open a new log file
 */
export async function record(
  settings: RecorderSettings,
  alerter: Pick<Alerter, 'hear' | 'hearSubject'> | undefined,
  onFileAside: () => void,
): Promise<never> {
  const keeper = settings.history === undefined ? undefined : new Keeper(settings.history);
  const file = new LogFile(keeper === undefined ? readPosition() : keeper.position);
  const heard = new Heard();
  const reader = new LogReader(
    () => heard,
    () => new Date(),
  );
  for (;;) {
    const read = file.read();
    if (read.length === 0) {
      await pause(EVERY_MS);
      continue;
    }
    const lines = withoutSubjects(read, alerter);
    const events = lines.map((line) => {
      reader.push(line);
      return heard.take();
    });
    print(lines.map((line, index) => outputLine(line, events[index], settings)));
    for (const event of events) if (event !== undefined) alerter?.hear(event);
    if (keeper === undefined) writePosition(file.position);
    else keeper.keep(lines, events, file.position);
    if (file.putAside()) onFileAside();
  }
}

/** Subjects are only for the alerts: they are neither printed nor kept. */
const withoutSubjects = (
  lines: readonly string[],
  alerter: Pick<Alerter, 'hearSubject'> | undefined,
): readonly string[] =>
  lines.filter((line) => {
    const found = subjectIn(line);
    if (found !== undefined) alerter?.hearSubject(found.id, decodeWords(found.subject));
    return found === undefined;
  });

/** The last line. */
class Heard implements Listener {
  #event: LogEvent | undefined;

  hear(event: LogEvent): void {
    this.#event = event;
  }

  take(): LogEvent | undefined {
    const event = this.#event;
    this.#event = undefined;
    return event;
  }
}

/** A line as it goes to the container's output. */
function outputLine(
  raw: string,
  event: LogEvent | undefined,
  { format, anonymize }: RecorderSettings,
): string {
  const line =
    format === 'json' ? JSON.stringify(logObject(raw, readLine(raw, new Date()), event)) : raw;
  return anonymize ? withoutNames(line) : line;
}

/** Writes all of it, also to a pipe that another program has made non-blocking. */
function print(lines: readonly string[]): void {
  if (lines.length === 0) return;
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(STANDARD_OUTPUT, bytes, offset);
    } catch (fault) {
      if (!isSystemError(fault) || fault.code !== 'EAGAIN') throw fault;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Keeps what became of each mail, a batch at a time. */
class Keeper {
  readonly #history = History.open(HISTORY_FILE, joinReaders());
  readonly #messages = new Messages((queueId) => this.#history.waiting(queueId));
  readonly #keepMs: number;
  #forgotten = 0;

  constructor(keepSeconds: number) {
    this.#keepMs = keepSeconds * 1000;
  }

  get position(): Position | undefined {
    return this.#history.position;
  }

  keep(
    lines: readonly string[],
    events: readonly (LogEvent | undefined)[],
    position: Position,
  ): void {
    const refusals = events.flatMap((event) =>
      event?.kind === 'refused' && event.id === undefined ? [event] : [],
    );
    for (const event of events) if (event !== undefined) this.#messages.hear(event);
    const changed = this.#messages.takeChanged();
    const counts = countsIn(lines, events);
    const joined = this.#messages.takeJoined();
    this.#messages.kept(this.#history.keep(changed, refusals, position, counts, joined));
    const now = Date.now();
    if (now - this.#forgotten < FORGET_EVERY_MS) return;
    this.#history.forget(new Date(now - this.#keepMs), MOST_BYTES);
    this.#forgotten = now;
  }
}

const POSITION_FILE = `${LOG_DIRECTORY}/position`;

function readPosition(): Position | undefined {
  try {
    return JSON.parse(readFileSync(POSITION_FILE, 'utf8'));
  } catch {
    // The first start; or it was ended while it wrote, and the lines come out once more.
    return undefined;
  }
}

function writePosition(position: Position): void {
  writeDurably(POSITION_FILE, JSON.stringify(position));
}
