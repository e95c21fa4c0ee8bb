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

/** What databases complain of, by MySQL or MariaDB, PostgreSQL and SQLite, and what to do. */
const REMEDIES: readonly (readonly [complaint: RegExp, remedy: string])[] = [
  [
    /unknown column|no such column|column .* does not exist/i,
    'the table of accounts has other columns than those of examples/database: give them those names, ' +
      'or give queries of your own (RELAY_DATABASE_RELAY_QUERY, RELAY_DATABASE_CREDENTIALS_QUERY)',
  ],
  [
    /table .*doesn't exist|no such table|relation .* does not exist/i,
    'make the table accounts in that database, as examples/database has it, or correct ' +
      'RELAY_DATABASE_NAME',
  ],
  [
    /unknown database|database .* does not exist/i,
    'correct RELAY_DATABASE_NAME: there is no database of that name',
  ],
  [
    /(select|access) .*denied .*(table|to database)|permission denied for/i,
    'let RELAY_DATABASE_USER read the table: GRANT SELECT ON accounts',
  ],
  [
    /access denied|authentication failed/i,
    'correct RELAY_DATABASE_USER and RELAY_DATABASE_PASSWORD, or let that user in from this container',
  ],
  [
    /unknown server host|could not translate host name/i,
    'correct RELAY_DATABASE_HOSTS: there is no host of that name; a database in a container has to ' +
      'run, on a network of this one',
  ],
  [
    /can't connect|connection refused|no answer within|timed? ?out/i,
    'start the database, and check host and port in RELAY_DATABASE_HOSTS',
  ],
  [
    /not a database|malformed|unable to open/i,
    'RELAY_DATABASE_NAME has to be a file of SQLite that is whole: put the right one there',
  ],
];

/** @param complaint what postmap(1) said when it asked the database */
export const databaseRemedy = (complaint: string): string =>
  REMEDIES.find(([pattern]) => pattern.test(complaint))?.[1] ??
  'check that the database runs and lets this relay in (RELAY_DATABASE_HOSTS, ' +
    'RELAY_DATABASE_USER, RELAY_DATABASE_PASSWORD)';
