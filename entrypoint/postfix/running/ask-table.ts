import { UserError } from '../../cli/errors.ts';
import type { Key } from '../address-lookup.ts';
import { splitValue } from '../value-list.ts';
import { COMMAND_CONFIG, run } from './command.ts';

/** An entry that was found. */
export interface Hit {
  /** The reference of the table: `lmdb:/etc/postfix/generic`. */
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly extension: string;
}

/** A table's answer for a key: its value, no entry, or why the lookup failed. */
export type Answer = { readonly answer: string | undefined } | { readonly fault: string };

/**
 * Asks one table for one key, as the daemons do: what postmap finds is what they find.
 * @param reference as main.cf has it: `lmdb:/etc/postfix/generic`
 * @param patienceSeconds a database that hangs must not hold everything up (timeout(1))
 * @returns a fault in postmap's own words, which may quote a secret; empty when it took too long
 */
export async function askTable(
  reference: string,
  key: string,
  patienceSeconds: number,
): Promise<Answer> {
  const postmap = ['/usr/sbin/postmap', '-c', COMMAND_CONFIG, '-q', key, reference];
  const { ok, status, output } = await run(['/usr/bin/timeout', `${patienceSeconds}`, ...postmap]);
  if (ok) return { answer: output.replace(/\n$/, '') };
  // A missing key gives status 1 without output (postmap(1)); any output is an error.
  const isNothing = status === 'exit status 1' && output === '';
  return isNothing ? { answer: undefined } : { fault: output };
}

const PATIENCE_SECONDS = 10;

const IS_PATTERN = /^(proxy:)?(cidr|pcre|regexp):/;

async function valueIn(table: string, key: string): Promise<string | undefined> {
  const found = await askTable(table, key, PATIENCE_SECONDS);
  if ('fault' in found) throw new UserError(`the table ${table} does not answer: mail would wait`);
  return found.answer;
}

/**
 * The first entry for an address: key after key, and for each the tables in their order.
 * @param references the value of the parameter, such as that of canonical_maps
 * @throws UserError when one of them does not answer
 */
export async function find(references: string, keys: readonly Key[]): Promise<Hit | undefined> {
  const tables = splitValue(references);
  const questions = keys.flatMap((key, index) =>
    tables
      // A pattern is for the whole address, never for parts of it (regexp_table(5)).
      .filter((table) => index === 0 || !IS_PATTERN.test(table))
      .map((table) => ({ ...key, table })),
  );
  const answers = await Promise.all(questions.map(({ table, key }) => valueIn(table, key)));
  const index = answers.findIndex((answer) => answer !== undefined);
  const [question, value] = [questions[index], answers[index]];
  return question === undefined || value === undefined ? undefined : { ...question, value };
}
