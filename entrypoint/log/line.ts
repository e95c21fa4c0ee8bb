import { stripVTControlCharacters } from 'node:util';

/** One line of Postfix's log, as postlogd(8) writes it to the container's output. */
export interface LogLine {
  readonly time: Date;
  /** The program: `smtpd`, `qmgr`, `smtp`. */
  readonly program: string;
  /** The process that wrote it: one smtpd(8) talks to one client at a time. */
  readonly pid: string;
  /** The delivery service that has a log name of its own: `account-…` of `postfix/account-…/smtp`. */
  readonly service: string | undefined;
  readonly text: string;
  /** How the machine calls itself on which Postfix runs. */
  readonly host: string;
  /** The name in front of the line, in a log of several containers. */
  readonly source: string;
}

const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)`;

/** A program, and its number perhaps. */
const PROGRAM = String.raw`[\w.-]+`;
const NUMBER = String.raw`(?:\[\d+\])?: `;

/**
 * The accepted prefixes of a line: the name from Compose (`relay-1  | `), a swarm or Kubernetes
 * (`[pod/relay-0/relay] `), perhaps in colour; the engine's time (--timestamps); the prefix of the
 * journal or another syslog (`Nov 24 11:06:22 nas 0123456789ab[812]: `). Lines with other prefixes
 * do not count, since any program may quote a line of another Postfix.
 */
const PREFIX = new RegExp(
  String.raw`^(\S+ +\| |\[\S+\] )?(?:(${STAMP}) (?!\S+ ${PROGRAM}${NUMBER}))?` +
    String.raw`(?:(?:(${STAMP})|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ (${PROGRAM})${NUMBER})?`,
);

/** `Nov 24 11:06:22 host postfix/account-x/smtp[35]: text` (RFC 3164 section 4.1). */
const SYSLOG =
  /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\S+) ([\w.-]+(?:\/[\w.-]+)*)\[(\d+)\]: (.*)$/;

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

const DAY_MS = 86_400_000;

/** The year is not in the log: the last time that this day was, seen from now. */
function pastDate(month: number, day: number, clock: readonly number[], now: Date): Date {
  const [hours = 0, minutes = 0, seconds = 0] = clock;
  const inYear = (year: number): Date => new Date(year, month, day, hours, minutes, seconds);
  const thisYear = inYear(now.getFullYear());
  return thisYear.getTime() > now.getTime() + DAY_MS ? inYear(now.getFullYear() - 1) : thisYear;
}

/**
 * Reads one line; undefined for what Postfix did not write.
 * @param now when the log was read; without the engine's timestamps, in the time zone that the
 *   relay has too
 */
export function readLine(line: string, now: Date): LogLine | undefined {
  const plain = stripVTControlCharacters(line).trimEnd();
  const [prefix = '', container = '', engineTime, syslogTime, sender = ''] =
    PREFIX.exec(plain) ?? [];
  const stamp = engineTime ?? syslogTime;
  const [, name = '', day, hours, minutes, seconds, host = '', tag = '', pid = '', text = ''] =
    SYSLOG.exec(plain.slice(prefix.length)) ?? [];
  const month = MONTHS.indexOf(name) / 3;
  const parts = tag.split('/');
  if (name === '' || !Number.isInteger(month) || month < 0 || parts.length < 2) return undefined;
  const clock = [hours, minutes, seconds].map(Number);
  return {
    time:
      stamp === undefined
        ? pastDate(month, Number(day), clock, now)
        : new Date(stamp.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')),
    program: parts.at(-1) ?? '',
    pid,
    service: parts.length > 2 ? parts.at(-2) : undefined,
    text,
    host,
    source: `${container.trim()} ${sender}`.trim(),
  };
}
