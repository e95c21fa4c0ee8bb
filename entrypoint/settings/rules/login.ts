import { type Given, isGiven, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';

export const checkLogin = (path: string, given: Given): Problem[] =>
  checkPassword(`${path}.username`, `${path}.password`, given);

/** A name needs its password, and the reverse. */
export function checkPassword(name: string, password: string, given: Given): Problem[] {
  const [nameWhere, passwordWhere] = [whereOf(given, name), whereOf(given, password)];
  if (isGiven(given, name) && !isGiven(given, password)) {
    const right = `give ${passwordWhere} too, or ${secretFileName(passwordWhere)}`;
    return [error(nameWhere, 'has no password to go with it', right)];
  }
  if (isGiven(given, password) && !isGiven(given, name)) {
    const right = `give ${nameWhere} too`;
    return [error(passwordWhere, 'has no login name to go with it', right)];
  }
  return [];
}

/** RELAY_PASSWORD -> RELAY_PASSWORD_FILE, accounts[0].password -> accounts[0].password_file. */
const secretFileName = (name: string): string =>
  name === name.toUpperCase() ? `${name}_FILE` : `${name}_file`;
