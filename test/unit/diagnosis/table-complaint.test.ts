import { expect, it } from 'vitest';
import { databaseRemedy, onOneLine } from '../../../entrypoint/advice/table-complaint.ts';

// What postmap of Postfix 3.10 prints for MariaDB, PostgreSQL and SQLite, each fault made for real.
const FILE = '/etc/postfix/relay_query.cf';

it.each([
  [
    `postmap: warning: mysql:${FILE}: query failed: Unknown column 'port' in 'SELECT'`,
    /RELAY_DATABASE_RELAY_QUERY/,
  ],
  [
    'postmap: warning: pgsql query failed: fatal error from host database: ERROR:  column "port" does not exist?LINE 1: SELECT CASE WHEN host?',
    /RELAY_DATABASE_RELAY_QUERY/,
  ],
  [
    `postmap: warning: mysql:${FILE}: query failed: Table 'mail.accounts' doesn't exist`,
    /make the table accounts/,
  ],
  [
    'postmap: warning: pgsql query failed: fatal error from host database: ERROR:  relation "accounts" does not exist?',
    /make the table accounts/,
  ],
  [
    `postmap: fatal: dict_sqlite_lookup: ${FILE}: SQL prepare failed: no such table: accounts?`,
    /make the table accounts/,
  ],
  [
    "postmap: warning: connect to mysql server database: Access denied for user 'hikyaku'@'192.0.2.4' (using password: YES)",
    /correct RELAY_DATABASE_USER and RELAY_DATABASE_PASSWORD/,
  ],
  [
    'postmap: warning: connect to pgsql server database: connection to server at "database" (192.0.2.3), port 5432 failed: FATAL:  password authentication failed for user "hikyaku"?',
    /correct RELAY_DATABASE_USER and RELAY_DATABASE_PASSWORD/,
  ],
  [
    "postmap: warning: connect to mysql server database: Access denied for user 'hikyaku'@'%' to database 'mail'",
    /GRANT SELECT/,
  ],
  [
    "postmap: warning: connect to mysql server database: Unknown database 'mail'",
    /RELAY_DATABASE_NAME/,
  ],
  [
    "postmap: warning: connect to mysql server database: Unknown server host 'database' (-2)",
    /correct RELAY_DATABASE_HOSTS/,
  ],
  [
    'postmap: warning: connect to pgsql server database: could not translate host name "database" to address: Name or service not known?',
    /correct RELAY_DATABASE_HOSTS/,
  ],
  [
    "postmap: warning: connect to mysql server database: Can't connect to server on 'database' (111)",
    /start the database/,
  ],
  ['no answer within 4 s', /start the database/],
  [
    `postmap: fatal: dict_sqlite_lookup: ${FILE}: SQL prepare failed: file is not a database?`,
    /a file of SQLite/,
  ],
  ['something new', /check that the database runs/],
])('%s has its own remedy', (output, remedy) => {
  expect(databaseRemedy(onOneLine(output))).toMatch(remedy);
});

it('a complaint is shown without the query and without an error about the error', () => {
  const output = `postmap: warning: pgsql query failed: relation "accounts" does not exist?LINE 1: SELECT x?
postmap: fatal: table pgsql:${FILE}: query error: Application error
`;
  expect(onOneLine(output)).toBe('pgsql query failed: relation "accounts" does not exist');
});
