import { CUT, type Problem } from '../../messages/problem.ts';
import type { Given, GivenValue } from '../naming/given.ts';
import { references } from '../naming/reference.ts';
import { LONGEST_SECRET } from '../validators/login.ts';
import { MASK } from './mask.ts';

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
 * The same problems without any given secret. For example, a password in the place of a port would
 * be quoted as an invalid port. The search uses plain texts: a pattern made of a secret could be
 * invalid, and its error would quote the secret.
 */
export function hideSecrets(problems: readonly Problem[], given: Given): readonly Problem[] {
  const secrets = [...new Set([...secretsIn(given.values), ...(given.otherSecrets ?? [])])];
  const needles = secrets
    .flatMap(spellings)
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length)
    .map((text): Needle => ({ text, folded: folded(text) }));
  const hide = (text: string): string => needles.reduce(without, text);
  return problems.map((problem) => ({
    ...problem,
    where: hideInPlace(problem.where, secrets),
    wrong: hide(problem.wrong),
    right: hide(problem.right),
  }));
}

/** A text to look for, and what it is found by in any case of its letters. */
interface Needle {
  readonly text: string;
  readonly folded: string;
}

/** In lower case, each character where it was. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  const keep = (one: string): string => (one.toLowerCase().length === 1 ? one.toLowerCase() : one);
  return text.split('').map(keep).join('');
}

/** Fewer characters than this may stand in any text by chance. */
const LEAST = 4;
/** Parts of a secret that are shorter than this are not secret by themselves. */
const LEAST_PART = 6;

/**
 * The spellings of a secret in a message: unchanged, escaped, or split like a list. A text that is
 * too long for a secret is another file, whose words are not secret.
 */
function spellings(secret: string): readonly string[] {
  if (secret.length > LONGEST_SECRET) return [secret];
  const parts = secret.split(/[\s,=]+/).filter((part) => part.length >= LEAST_PART);
  const all = [secret, ...parts];
  return [...new Set([...all, ...all.map((text) => JSON.stringify(text).slice(1, -1))])];
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/**
 * A word of only letters is looked for only in quotes: taken out of the message's own words, the
 * gap would tell it.
 */
function without(text: string, needle: Needle): string {
  if (!mayHold(text, needle)) return text;
  const inQuotes = (hide: (content: string) => string): string =>
    text.replace(QUOTED, (quoted) => `"${hide(quoted.slice(1, -1))}"`);
  if (needle.text.length < LEAST) {
    return inQuotes((content) => (content === needle.text ? MASK : content));
  }
  const hide = (content: string): string => replaceAnyCase(withoutEnd(content, needle), needle);
  const isWord = /^[a-z]+$/i.test(needle.text);
  return isWord ? inQuotes(hide) : replaceAnyCase(inQuotes(hide), needle);
}

/** A quick test that excludes most of thousands of secrets. */
const mayHold = (text: string, needle: Needle): boolean =>
  folded(text).includes(text.includes(`${CUT}"`) ? needle.folded.slice(0, LEAST) : needle.folded);

function replaceAnyCase(text: string, needle: Needle): string {
  const inLower = folded(text);
  let result = '';
  let end = 0;
  for (;;) {
    const at = inLower.indexOf(needle.folded, end);
    if (at < 0) return result + text.slice(end);
    result += text.slice(end, at) + MASK;
    end = at + needle.folded.length;
  }
}

/** A long value is cut, perhaps in the middle of the secret. */
function withoutEnd(content: string, needle: Needle): string {
  if (!content.endsWith(CUT)) return content;
  const shown = folded(content.slice(0, -CUT.length));
  for (let length = Math.min(needle.folded.length, shown.length); length >= LEAST; length -= 1) {
    if (shown.endsWith(needle.folded.slice(0, length))) {
      return content.slice(0, shown.length - length) + MASK;
    }
  }
  return content;
}

const knownKeys = new Set(references().flatMap(({ path }) => path.split(/[.[\]]+/)));

/** More than the longest name of a setting with its place. */
const LONGEST_PLACE = 200;

/** A key of the file can be a secret as well; the names of settings stay readable. */
const hideInPlace = (where: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= LEAST_PART && !knownKeys.has(secret))
    .reduce((place, secret) => place.replaceAll(secret, MASK), where)
    .slice(0, LONGEST_PLACE);
