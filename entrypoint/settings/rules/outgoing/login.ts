import { invisibleIn } from '../../../messages/plain-letters.ts';
import { error, type Finding, say, setting, warning } from '../../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../../naming/given.ts';
import { isUnfilled } from '../../validators/invalid.ts';
import { wantsOAuth2 } from '../keys.ts';

export const checkLogin = (path: string, given: Given): Finding[] =>
  wantsOAuth2(path, given) ? [] : checkPassword(`${path}.username`, `${path}.password`, given);

/** A name needs its password, and the reverse. */
export function checkPassword(name: string, password: string, given: Given): Finding[] {
  if (isGiven(given, name) && isMissing(given, password)) {
    const right = say`give ${setting(password)} too, or ${setting(`${password}_file`)}`;
    return [error(name, 'has no password', right)];
  }
  if (isGiven(given, password) && isMissing(given, name)) {
    const right = say`give ${setting(name)} too`;
    return [error(password, 'has no login name', right)];
  }
  return checkText(name, password, given);
}

/** Texts that may be the password, and hardly are: they are sent as they stand. */
const DOUBTFUL: readonly (readonly [
  is: (text: string) => boolean,
  wrong: string,
  right: string,
])[] = [
  [
    (text) => /^(".+"|'.+')$/.test(text),
    'stands in quotes, which are sent as a part of it',
    'remove the quotes if they are not',
  ],
  [
    isUnfilled,
    'looks like a placeholder',
    'give the password itself: placeholders are not replaced here',
  ],
  [
    (text) => invisibleIn(text) !== undefined,
    'contains an invisible character, as in a text copied from a page',
    'type it anew if the provider refuses the login',
  ],
];

function checkText(name: string, password: string, given: Given): Finding[] {
  const value = given.values.get(password);
  const login = given.values.get(name);
  if (value?.shape !== 'one') return [];
  const { text } = value;
  if (login?.shape === 'one' && text.startsWith(`${login.text}:`)) {
    const right = 'give only the password, unless it really begins like that';
    return [warning(password, 'begins with the login and ":"', right)];
  }
  return DOUBTFUL.filter(([is]) => is(text)).map(([, wrong, right]) =>
    warning(password, wrong, right),
  );
}
