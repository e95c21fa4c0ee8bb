import { type Given, isGiven, isMissing, nameOf, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';

export const checkLogin = (path: string, given: Given): Problem[] =>
  checkPassword(`${path}.username`, `${path}.password`, given);

/** A name needs its password, and the reverse. */
export function checkPassword(name: string, password: string, given: Given): Problem[] {
  if (isGiven(given, name) && isMissing(given, password)) {
    const called = nameOf(given, password);
    const right = `give ${called} too, or ${secretFileName(called)}`;
    return [error(whereOf(given, name), 'has no password to go with it', right)];
  }
  if (isGiven(given, password) && isMissing(given, name)) {
    const right = `give ${nameOf(given, name)} too`;
    return [error(whereOf(given, password), 'has no login name to go with it', right)];
  }
  return [];
}

/** RELAY_PASSWORD -> RELAY_PASSWORD_FILE, accounts[0].password -> accounts[0].password_file. */
const secretFileName = (name: string): string =>
  name === name.toUpperCase() ? `${name}_FILE` : `${name}_file`;
