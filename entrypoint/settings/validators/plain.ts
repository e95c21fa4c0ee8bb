import { isNearMiss } from '../../messages/may-be-shown.ts';
import { quoted } from '../../messages/problem.ts';
import { Invalid, notA, validator } from './invalid.ts';

const SERVICES: Readonly<Record<string, number>> = {
  smtp: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
};

/** Ports on which mail is read: people find them beside the one for sending. */
const READING: Readonly<Record<number, string>> = {
  110: 'POP3',
  143: 'IMAP',
  993: 'IMAP',
  995: 'POP3',
};

/** A TCP port by number or by its service name (RFC 6409, RFC 8314); the value is the number. */
export const port = validator<number>((text) => {
  const named = SERVICES[text.toLowerCase()];
  if (named !== undefined) return named;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  const protocol = READING[number];
  if (protocol !== undefined) {
    const wrong = `${number} is for reading mail (${protocol}), not for sending it`;
    throw new Invalid(wrong, 'use 587, or 465');
  }
  if (number >= 1 && number <= 65535) return number;
  throw notA(
    text,
    'a port',
    'use a number from 1 to 65535, or submission (587), submissions (465) or smtp (25)',
    isNearMiss(text, Object.keys(SERVICES)),
  );
});

const YES = ['yes', 'y', 'true', 't', 'on', '1', 'enabled'];
const NO = ['no', 'n', 'false', 'f', 'off', '0', 'disabled'];

/** A switch, in every form in which people write one. */
export const yesNo = validator<boolean>((text) => {
  const word = text.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw notA(text, 'yes or no', 'use yes or no', isNearMiss(text, [...YES, ...NO]));
});

/** One word of a few; the case does not matter. The words are there for the schema to list. */
export const oneOf = <const W extends string>(...words: readonly W[]) => {
  const word = validator<W>((text) => {
    const found = words.find((word) => word === text.toLowerCase());
    if (found !== undefined) return found;
    throw notA(text, 'known here', `use ${words.join(', ')}`, isNearMiss(text, words));
  });
  return () => ({ ...word(), choices: words });
};

/** A whole number between the two. */
export const count = (least: number, most: number) =>
  validator<number>((text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw notA(
      text,
      'a number that fits',
      `use a whole number from ${least} to ${most}`,
      isNearMiss(text),
    );
  });

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A size such as 25MB, 512k or 1048576; the value is in bytes, K, M and G being powers of 1024. */
export const size = validator<number>((text) => {
  const parts = /^(\d{1,12})\s*([kmg]?)(?:i?b)?$/i.exec(text);
  const unit = UNITS[parts?.[2]?.toLowerCase() ?? ''];
  const bytes = parts && unit ? Number(parts[1]) * unit : 0;
  if (bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  throw notA(text, 'a size', 'use a number with a unit, such as 25MB', isNearMiss(text));
});

/** The longest lifetime that Postfix's queue manager starts with (qmgr.c: 8640000 seconds). */
const LONGEST_SECONDS = 100 * 86400;

/** A time such as 5d, 12h, 90m or 30s; the value is in seconds. */
export const duration = validator<number>((text) => {
  const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
  const parts = /^(\d{1,9})\s*([smhdw])$/i.exec(text);
  const seconds = Number(parts?.[1]) * (SECONDS[parts?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  if (seconds > LONGEST_SECONDS) {
    throw new Invalid(`${quoted(text)} is longer than Postfix keeps mail`, 'use 100d at most');
  }
  if (seconds >= 1) return seconds;
  const right = 'use a number with a unit, such as 5d, 12h or 30m';
  throw notA(text, 'a length of time', right, isNearMiss(text));
});

const isDate = (text: string): boolean => /^\d{1,4}([-./])\d{1,2}\1\d{1,4}$/.test(text);

/** A day, as 2027-05-31; the value is its end in UTC, in seconds since 1970. */
export const date = validator<number>((text) => {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse takes 2027-02-30 for a day of March.
  if (!Number.isNaN(start) && new Date(start).toISOString().startsWith(text)) {
    return start / 1000 + 86_400;
  }
  throw notA(text, 'a date', 'use year, month and day: 2027-05-31', isDate(text));
});

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/** A period of storage: 30d, 8w, 12m, 1y, or "none", which is 0; the value is in seconds. */
export const keepingTime = validator<number>((text) => {
  if (/^(none|no|off|0)$/i.test(text)) return 0;
  const parts = /^(\d{1,4})\s*([dwmy])$/i.exec(text);
  const days = Number(parts?.[1]) * (DAYS[parts?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  if (days >= 1) return days * 86400;
  throw notA(text, 'a time to keep something', 'use 30d, 8w, 12m or 1y, or none', isNearMiss(text));
});

/** The full path of a file in the container. */
export const path = validator<string>((text) => {
  if (/^\/\S*$/.test(text)) return text;
  const isLikely = text.includes('/') || /\.[a-z0-9]{2,4}$/i.test(text);
  throw notA(text, 'the full path of a file', 'start it with "/" and use no blanks', isLikely);
});

/** Any text on one line. */
export const line = validator<string>((text) => {
  return text;
});

/** A number of messages in a number of seconds. */
export interface Rate {
  readonly messages: number;
  readonly seconds: number;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** A rate such as 30/m, 500/h or 2000/d; `/min`, `/minute` and the like are taken too. */
export const rateLimit = validator<Rate>((text) => {
  const parts = /^(\d{1,7})\s*\/\s*(s|sec|second|m|min|minute|h|hour|d|day)s?$/i.exec(text);
  const messages = Number(parts?.[1] ?? 0);
  const seconds = SECONDS[parts?.[2]?.[0]?.toLowerCase() ?? ''];
  if (seconds !== undefined && messages >= 1) return { messages, seconds };
  const right = 'use a number and a unit of time, such as 30/m or 500/h';
  throw notA(text, 'a rate', right, isNearMiss(text));
});

/** The name of a main.cf parameter; whether this Postfix knows it is checked against its own list. */
export const parameterName = validator<string>((text) => {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(text)) return text;
  throw notA(text, 'the name of a main.cf parameter', 'use a name from postconf(5)');
});

/** Enough for the longest lists that people have. */
const LONGEST_VALUE = 20_000;

/**
 * The value of a main.cf parameter, on one line, as main.cf would have it: `$name` refers to
 * another parameter. The message does not show it, since it may hold a secret.
 */
export const parameterValue = validator<string>((text) => {
  if (text === text.trim()) return text;
  throw new Invalid('begins or ends with a blank', 'remove the blank');
}, LONGEST_VALUE);

/** The port on which TLS starts with the first byte (RFC 8314 section 7.3). */
export const IMPLICIT_TLS_PORT = 465;
