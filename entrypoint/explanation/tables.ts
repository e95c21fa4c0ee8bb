import { COMMAND_CONFIG, run } from '../apply/run.ts';
import { UserError } from '../errors.ts';
import { splitValue } from '../settings/postfix-list.ts';
import type { Key } from './search-order.ts';

/** An entry that was found. */
export interface Hit {
  /** The reference of the table: `lmdb:/etc/postfix/generic`. */
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly extension: string;
}

/** A database that hangs must not hold everything up (timeout(1)). */
const IN_TIME = ['/usr/bin/timeout', '10'];

/** One key in one table; what postmap finds is what the daemons find, since it asks the same way. */
async function askTable(table: string, key: string): Promise<string | undefined> {
  const command = [...IN_TIME, '/usr/sbin/postmap', '-c', COMMAND_CONFIG, '-q', key, table];
  const { ok, status, output } = await run(command);
  if (ok) return output.replace(/\n$/, '');
  // Nothing found is status 1 without a word (postmap(1)); what else it says may quote a secret.
  if (status === 'exit status 1' && output === '') return undefined;
  throw new UserError(`the table ${table} does not answer: mail would wait`);
}

/**
 * The first entry for an address: key after key, and for each the tables in their order.
 * @param references the value of the parameter, such as that of canonical_maps
 */
export async function find(references: string, keys: readonly Key[]): Promise<Hit | undefined> {
  const tables = splitValue(references);
  const questions = keys.flatMap((key) => tables.map((table) => ({ ...key, table })));
  const answers = await Promise.all(questions.map(({ table, key }) => askTable(table, key)));
  const index = answers.findIndex((answer) => answer !== undefined);
  const [question, value] = [questions[index], answers[index]];
  return question === undefined || value === undefined ? undefined : { ...question, value };
}
