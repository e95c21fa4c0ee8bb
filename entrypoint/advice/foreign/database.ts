import type { DatabaseFault, Trouble } from '../trouble.ts';

/**
 * What postmap complains of, each thing once, without its own name in front. PostgreSQL quotes the
 * query behind its complaint, and postmap says at the end that there was an error.
 */
export function onOneLine(output: string): string {
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\S*postmap: (\w+: )?/, '').replace(/\?(LINE \d+:.*)?$/, ''));
  const [first = '', ...others] = new Set(lines);
  return [first, ...others.filter((line) => !/^table \S+: query error: /.test(line))].join('; ');
}

/** Error texts of MySQL or MariaDB, PostgreSQL and SQLite. */
const FAULTS: readonly (readonly [complaint: RegExp, fault: DatabaseFault])[] = [
  [/unknown column|no such column|column .* does not exist/i, 'columns'],
  [/table .*doesn't exist|no such table|relation .* does not exist/i, 'table'],
  [/unknown database|database .* does not exist/i, 'database'],
  [/(select|access) .*denied .*(table|to database)|permission denied for/i, 'rights'],
  [/access denied|authentication failed/i, 'login'],
  [/unknown server host|could not translate host name/i, 'host'],
  [/can't connect|connection refused|no answer within|timed? ?out/i, 'away'],
  [/not a database|malformed|unable to open/i, 'file'],
];

/** @param complaint what postmap(1) said when it asked the database, on one line */
export const readComplaint = (complaint: string): Trouble => ({
  kind: 'database',
  fault: FAULTS.find(([pattern]) => pattern.test(complaint))?.[1] ?? 'other',
  complaint,
});
