import { quoted } from '../../../messages/problem.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, say, warning } from '../../naming/finding.ts';
import type { Given } from '../../naming/given.ts';
import type { RawDatabase, RawSettings } from '../../table.ts';
import { keysOf } from '../keys.ts';
import { checkPassword } from './login.ts';
import { checkCaFile } from './provider.ts';

/** The required keys of a database, by its kind. */
export function checkDatabase(
  { database, accounts }: RawSettings,
  given: Given,
  facts: Facts,
): Finding[] {
  const { where, name, has, lacks } = keysOf('database', given);
  const problems = checkPassword('database.user', 'database.password', given);
  if (lacks('driver')) {
    const keys = ['hosts', 'user', 'password', 'name', 'relay_query', 'credentials_query'] as const;
    const given = keys.filter(has);
    const right = say`give ${name('driver')} too`;
    return given.map((key) => error(where(key), 'needs the kind of database', right));
  }
  if (lacks('name') && database.driver !== undefined) {
    const right = say`give ${name('name')} too`;
    problems.push(error(where('driver'), 'needs the name of the database', right));
  }
  if (database.driver === 'sqlite') {
    if (has('hosts')) problems.push(error(where('hosts'), 'sqlite has no server', 'leave it out'));
    if (has('user')) problems.push(error(where('user'), 'sqlite has no logins', 'leave it out'));
    if (database.name !== undefined && !database.name.startsWith('/')) {
      problems.push(error(where('name'), 'is not a full path', 'start it with "/"'));
    }
    if (database.name !== undefined && facts.missingTables?.has(database.name)) {
      const wrong = `the database's file ${quoted(database.name)} does not exist`;
      problems.push(error(where('name'), wrong, 'mount it into the container at that path'));
    }
    if (database.name !== undefined && facts.noDatabases?.has(database.name)) {
      const wrong = `the file ${quoted(database.name)} is no database of SQLite`;
      problems.push(error(where('name'), wrong, 'mount the right file there'));
    }
  } else if (database.driver !== undefined && lacks('hosts')) {
    problems.push(error(where('driver'), 'has no server to ask', say`give ${name('hosts')} too`));
  }
  if (accounts.length > 0) {
    const wrong = 'accounts are given in the file as well';
    problems.push(error(where('driver'), wrong, 'keep them in the file or in the database'));
  }
  problems.push(...checkOwnHost(database, where('hosts')), ...checkQueries(database, where));
  problems.push(...checkCaFile(database.ca_file, where('ca_file'), facts));
  return problems;
}

/** The container itself, where hardly anybody runs a database. */
function checkOwnHost({ hosts }: RawDatabase, where: string): readonly Finding[] {
  const own = hosts.find((host) => /^(localhost|127\.[\d.]+|\[?::1\]?)(:\d+)?$/i.test(host));
  if (own === undefined) return [];
  const wrong = `${quoted(own)} is this container itself`;
  return [warning(where, wrong, "give the name of the database's container, or of its machine")];
}

/** Only statements that read, since a query runs for every mail. */
const READS = /^[\s(]*(select|with|values|table|call|exec|execute)\b/i;

/** A query that does not ask for the sender gives everybody the same account. */
function checkQueries(database: RawDatabase, where: (key: string) => string): readonly Finding[] {
  return (['relay_query', 'credentials_query'] as const).flatMap((key) => {
    const query = database[key];
    if (query === undefined) return [];
    if (!READS.test(query)) {
      const wrong = 'is not a query that reads data';
      return [error(where(key), wrong, "write SELECT ... WHERE ... = '%s'")];
    }
    if (/%[sud]/.test(query)) return [];
    const wrong = 'does not use the sender, so every sender would get the same answer';
    return [error(where(key), wrong, "write '%s' where the sender's address belongs")];
  });
}
