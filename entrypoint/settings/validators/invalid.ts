import { EnvError, makeExactValidator } from 'envalid';
import { isInOtherLetters } from '../../messages/plain-letters.ts';
import { quoted } from '../../messages/problem.ts';

/** The error of a validator. envalid collects it, and the reader adds the origin of the value. */
export class Invalid extends EnvError {
  readonly wrong: string;
  readonly right: string;

  constructor(wrong: string, right: string) {
    super(wrong);
    this.wrong = wrong;
    this.right = right;
  }
}

/**
 * `user:password@host`, also within a URL, or `user:password`: people paste these in place of a
 * host name. The text after the colon in `mail.example.com:587` is a port.
 */
const mayHoldPassword = (value: string): boolean =>
  /:.*@/.test(value) ||
  /^[^:/[\]\s]+:(?![\\/]|\d{1,5}$|smtps?$|submissions?$)[^:\s]+$/i.test(value);

/**
 * `"value" is not WHAT`, the commonest message.
 * @param isLikely whether the value looks like an attempt at a right one: else it is not repeated
 */
export const notA = (value: string, what: string, right: string, isLikely = true): Invalid =>
  !isLikely || mayHoldPassword(value)
    ? new Invalid(`is not ${what} (not shown: it may hold a password)`, right)
    : new Invalid(`${quoted(value)} is not ${what}`, remedyFor(value, right));

function remedyFor(value: string, right: string): string {
  if (isUnfilled(value)) return FILL_IN;
  if (right.includes('plain letters') || !isInOtherLetters(value)) return right;
  return `${right}, in plain letters`;
}

/** `${PORT}`, `$PORT`, `{{ port }}`: what Compose, a shell or a template should have filled in. */
export const isUnfilled = (value: string): boolean =>
  /^(\$\{\w+\}|\$\(\w+\)|\$[A-Z_]+|\{\{[\w .-]+\}\}|<[a-z _-]+>)$/.test(value);

export const FILL_IN = 'give the value itself: placeholders are not replaced here';

/** Longer than three host names or a path; what may be longer says so. */
const LONGEST = 1000;

/** The error for a text that is too long to check. */
export type TooLong = (text: string) => readonly [wrong: string, right: string];

const tooLong =
  (longest: number): TooLong =>
  (text) => [`is ${text.length} characters long`, `give ${longest} at most`];

/**
 * Makes the validator of a text. Its length is looked at before any pattern, since some patterns
 * take a time that grows with its square.
 * @param longest how many characters the text may have
 */
export const validator = <T>(
  parse: (text: string) => T,
  longest = LONGEST,
  say: TooLong = tooLong(longest),
) =>
  makeExactValidator<T>((text) => {
    if (text.length > longest) throw new Invalid(...say(text));
    refuseControlCharacters(text);
    return parse(text);
  });

/**
 * Refuses what no Postfix file can hold: a line break would start another entry, NUL would end it,
 * and half of a surrogate pair (YAML can spell one) would be written as another character.
 */
function refuseControlCharacters(value: string): void {
  if (!value.isWellFormed()) {
    throw new Invalid('has an invalid character in it', 'give it in plain UTF-8');
  }
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) {
      throw new Invalid(
        'has a line break or another control character in it',
        'give it on one line, in printable characters',
      );
    }
  }
}
