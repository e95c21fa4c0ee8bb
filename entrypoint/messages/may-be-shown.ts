import { nearest } from './nearest.ts';
import { inPlainLetters } from './plain-letters.ts';

/**
 * Words that people write for a setting without looking it up, and the types of tables that Postfix
 * knows elsewhere (DATABASE_README); nobody's password.
 */
const EVERYDAY = new Set(
  `all always any auto bridge custom dane-only default disabled docker enabled encrypted
  everybody everyone false fingerprint forever gateway host http https imap imaps implicit
  infinity internet large local localhost mandatory max maximum many may maybe never none null
  optional other perhaps pop3 preferred private public required secure smtp smtps ssmtp ssl
  starttls strict subnet tls tlsv1.2 tlsv1.3 true undefined unlimited world btree cidr dbm
  environ fail inline internal ldap mariadb memcache mongodb mysql netinfo nis nisplus pcre
  pgsql postgres postgresql proxy randmap redis regexp sdbm socketmap sqlite static tcp unionmap
  unix`.split(/\s+/),
);

/** A number with a unit, or what looks like several: `587/tcp`, `25,000,000`, `1d12h`, `0x24b`. */
const NUMBER =
  /^[-+:#]?\d{1,20}([.,_:/-]+\d{1,20}){0,6}[\s/]*([a-z]{0,3}|bytes|days?|hours?|minutes?|months?|seconds?|weeks?|years?)\d{0,4}[a-z]?$/i;

/** A placeholder that a program should have replaced: `${PORT}`, `{{ port }}`, `<port>`. */
const PLACEHOLDER = /^(\$\{\w+\}|\$\(\w+\)|\$my\w+|\{\{[\w .-]+\}\}|<[a-z _-]+>)$/i;

/** Fewer characters than this are no secret. */
const LEAST = 4;

/**
 * Whether a wrong value looks like an attempt at a right one, and so may be repeated in a message. A
 * value that looks like nothing of the kind may be a password that got into the wrong place.
 * @param words the words that would be right
 */
export function isNearMiss(text: string, words: Iterable<string> = []): boolean {
  const plain = inPlainLetters(text).replaceAll(/^[\s"'`,;=]+|[\s"'`,;.]+$/g, '');
  if (PLACEHOLDER.test(plain)) return true;
  const all = [...words];
  return isPiece(plain, all) || plain.split(/[\s,;|]+/).every((piece) => isPiece(piece, all));
}

const isPiece = (piece: string, words: readonly string[]): boolean =>
  piece.length < LEAST ||
  NUMBER.test(piece) ||
  EVERYDAY.has(piece.toLowerCase()) ||
  nearest(piece, words) !== undefined;

/**
 * Whether a text looks like the name of a machine or a domain, perhaps with a port: it has a dot, or
 * no digit.
 */
export const isLikeName = (text: string): boolean =>
  PLACEHOLDER.test(text) ||
  (/^[\p{L}\p{N}._:/[\]\s"'*;,-]+$/u.test(text) &&
    (text.includes('.') || !/\d/.test(text.replace(/:\d{1,5}$/, ''))));

/** Whether a text looks like addresses of a network: digits, and what stands between them. */
export const isLikeNetwork = (text: string): boolean =>
  /^[!^[\]\s\da-f.:/\\*x,;|"'-]*(%[a-z]+\d?(\/\d+)?)?$/i.test(text) &&
  /[\d:][.:/]|[.:/][\d:]/.test(text);
