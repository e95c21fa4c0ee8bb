import { Invalid, notA, validator } from './invalid.ts';

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
