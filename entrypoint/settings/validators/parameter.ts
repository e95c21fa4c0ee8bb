import { makeExactValidator } from 'envalid';
import { Invalid, notA, refuseControlCharacters } from './invalid.ts';

/** The name of a main.cf parameter; whether this Postfix knows it is checked against its own list. */
export const parameterName = makeExactValidator<string>((text) => {
  refuseControlCharacters(text);
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(text)) return text;
  throw notA(text, 'the name of a main.cf parameter', 'use a name from postconf(5)');
});

/**
 * The value of a main.cf parameter, on one line, as main.cf would have it: `$name` refers to
 * another parameter. The message does not show it, since it may hold a secret.
 */
export const parameterValue = makeExactValidator<string>((text) => {
  refuseControlCharacters(text);
  if (text === text.trim()) return text;
  throw new Invalid('starts or ends with a blank', 'take the blank away');
});
