import type { Given, GivenValue } from './given.ts';
import { MASK } from './mask.ts';
import { CUT, type Problem } from './problem.ts';
import { references } from './reference.ts';

/** The paths of all secrets, as references have them: `accounts[].password`. */
const secretPaths = new Set(
  references().flatMap(({ path, setting }) => (setting.secret ? [path] : [])),
);

/** Every secret among some values. */
export const secretsIn = (values: ReadonlyMap<string, GivenValue>): readonly string[] =>
  [...values].flatMap(([path, value]) =>
    value.shape === 'one' && secretPaths.has(path.replace(/\.\d+/g, '[]')) ? [value.text] : [],
  );

/**
 * The same problems without any secret that was given, wherever it was given as well: a password in
 * the place of a port would be quoted as what is no port.
 */
export function hideSecrets(problems: readonly Problem[], given: Given): readonly Problem[] {
  const secrets = [...new Set([...secretsIn(given.values), ...(given.otherSecrets ?? [])])];
  const needles = secrets.flatMap(spellings).sort((a, b) => b.length - a.length);
  const hide = (text: string): string => needles.reduce(without, text);
  return problems.map(({ where, wrong, right, severity }) => ({
    where: hideInPlace(where, secrets),
    wrong: hide(wrong),
    right: hide(right),
    severity,
  }));
}

/** Fewer characters than this may stand in any text by chance. */
const LEAST = 4;
/** A part of a secret that lists are split at is none by itself when it is shorter than this. */
const LEAST_PART = 6;

/** How a secret may stand in a message: as it is, escaped, or in the parts that a list makes of it. */
function spellings(secret: string): readonly string[] {
  const parts = secret.split(/[\s,=]+/).filter((part) => part.length >= LEAST_PART);
  const all = [secret, ...parts];
  return [...new Set([...all, ...all.map((text) => JSON.stringify(text).slice(1, -1))])];
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/**
 * A word of letters alone is looked for in quotes only: taken out of the message's own words, the
 * gap would tell it.
 */
function without(text: string, needle: string): string {
  const inQuotes = (hide: (content: string) => string): string =>
    text.replace(QUOTED, (quoted) => `"${hide(quoted.slice(1, -1))}"`);
  if (needle.length < LEAST) return inQuotes((content) => (content === needle ? MASK : content));
  const hide = (content: string): string => replaceAnyCase(withoutEnd(content, needle), needle);
  return /^[a-z]+$/i.test(needle) ? inQuotes(hide) : replaceAnyCase(inQuotes(hide), needle);
}

const replaceAnyCase = (text: string, needle: string): string =>
  text.replace(new RegExp(needle.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi'), MASK);

/** A long value is cut, perhaps in the middle of the secret. */
function withoutEnd(content: string, needle: string): string {
  if (!content.endsWith(CUT)) return content;
  const shown = content.slice(0, -CUT.length).toLowerCase();
  for (let length = Math.min(needle.length, shown.length); length >= LEAST; length -= 1) {
    if (shown.endsWith(needle.slice(0, length).toLowerCase())) {
      return content.slice(0, shown.length - length) + MASK;
    }
  }
  return content;
}

const knownKeys = new Set(references().flatMap(({ path }) => path.split(/[.[\]]+/)));

/** A key of the file can be a secret as well; the names of settings stay readable. */
const hideInPlace = (where: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= LEAST_PART && !knownKeys.has(secret))
    .reduce((place, secret) => place.replaceAll(secret, MASK), where);
