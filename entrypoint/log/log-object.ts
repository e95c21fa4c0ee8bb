/** A line of the log as an object, for `log.format: json`. docs/log-format.md lists the names. */
import type { LogEvent } from './event.ts';
import type { LogLine } from './line.ts';

export type LogObject = Readonly<Record<string, unknown>>;

/**
 * One line as an object. A line without a message has only its text.
 * @param raw the line as Postfix wrote it
 */
export function logObject(
  raw: string,
  line: LogLine | undefined,
  event: LogEvent | undefined,
): LogObject {
  if (line === undefined) return { text: raw };
  return {
    time: line.time.toISOString(),
    program: line.program,
    ...(line.service === undefined ? {} : { service: line.service }),
    pid: Number(line.pid),
    ...(event === undefined ? {} : eventFields(event)),
    text: line.text,
  };
}

/** Names and values, those left out that are not known. */
const eventFields = ({ kind, time: _, id, ...facts }: LogEvent): LogObject => ({
  event: kind,
  ...(id === undefined ? {} : { queue_id: id }),
  ...named(facts),
});

/** Facts under the names of the field: `orig_to`, `message_id`, as Postfix's log has them. */
const named = (facts: object): LogObject =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            [
              name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
              isPlainObject(value) ? named(value) : value,
            ],
          ],
    ),
  );

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An address within a text: what stands before the "@" may have nearly any sign. */
const LOCAL_PART = /[^\s<>,;:()[\]"'=]+@(?=[\w.-]+)/g;

/** Hides who, and keeps which domain: `***@example.com`. */
export const withoutNames = (text: string): string => text.replace(LOCAL_PART, '***@');
