import { expect, it } from 'vitest';
import { onOneLine, readComplaint } from '../../../../entrypoint/advice/foreign/database.ts';

// What postmap of Postfix 3.10 prints for MariaDB, PostgreSQL and SQLite, each fault made for real.
const FILE = '/etc/postfix/relay_query.cf';

it.each([
  [`postmap: warning: mysql:${FILE}: query failed: Unknown column 'port' in 'SELECT'`, 'columns'],
  [
    'postmap: warning: pgsql query failed: fatal error from host database: ERROR:  column "port" does not exist?LINE 1: SELECT CASE WHEN host?',
    'columns',
  ],
  [`postmap: warning: mysql:${FILE}: query failed: Table 'mail.accounts' doesn't exist`, 'table'],
  [
    'postmap: warning: pgsql query failed: fatal error from host database: ERROR:  relation "accounts" does not exist?',
    'table',
  ],
  [
    `postmap: fatal: dict_sqlite_lookup: ${FILE}: SQL prepare failed: no such table: accounts?`,
    'table',
  ],
  [
    "postmap: warning: connect to mysql server database: Access denied for user 'hikyaku'@'192.0.2.4' (using password: YES)",
    'login',
  ],
  [
    'postmap: warning: connect to pgsql server database: connection to server at "database" (192.0.2.3), port 5432 failed: FATAL:  password authentication failed for user "hikyaku"?',
    'login',
  ],
  [
    "postmap: warning: connect to mysql server database: Access denied for user 'hikyaku'@'%' to database 'mail'",
    'rights',
  ],
  ["postmap: warning: connect to mysql server database: Unknown database 'mail'", 'database'],
  [
    "postmap: warning: connect to mysql server database: Unknown server host 'database' (-2)",
    'host',
  ],
  [
    'postmap: warning: connect to pgsql server database: could not translate host name "database" to address: Name or service not known?',
    'host',
  ],
  [
    "postmap: warning: connect to mysql server database: Can't connect to server on 'database' (111)",
    'away',
  ],
  ['no answer within 4 s', 'away'],
  [
    `postmap: fatal: dict_sqlite_lookup: ${FILE}: SQL prepare failed: file is not a database?`,
    'file',
  ],
  ['something new', 'other'],
])('%s is known for what it is', (output, fault) => {
  expect(readComplaint(onOneLine(output))).toMatchObject({ kind: 'database', fault });
});

it('a complaint is shown without the query and without an error about the error', () => {
  const output = `postmap: warning: pgsql query failed: relation "accounts" does not exist?LINE 1: SELECT x?
postmap: fatal: table pgsql:${FILE}: query error: Application error
`;
  expect(onOneLine(output)).toBe('pgsql query failed: relation "accounts" does not exist');
});
