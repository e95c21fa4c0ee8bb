import type { Certificates, Database, Settings } from '../settings/settings.ts';
import { type Group, mainCfText, type Parameter, type Service } from './cf-syntax.ts';
import { CONFIG_DIRECTORY, configFile, type RenderedFile, SECRET } from './file.ts';
import { loginParameters, tlsParameters } from './smtp-client.ts';

/** The delivery services for accounts from the database: STARTTLS, and TLS from the first byte. */
const STARTTLS = 'accounts';
const IMPLICIT = 'accounts-tls';

const concatenation = (driver: Database['driver'], ...parts: readonly string[]): string =>
  driver === 'mysql' ? `CONCAT(${parts.join(', ')})` : parts.join(' || ');

const accountsQuery = (driver: Database['driver'], ...parts: readonly string[]): string =>
  `SELECT ${concatenation(driver, ...parts)} FROM accounts WHERE lower(sender) = lower('%s')`;

/** A file that tells Postfix how to ask the database (mysql_table(5), pgsql_table(5), sqlite_table(5)). */
function queryFile(name: string, database: Database, query: string): RenderedFile {
  const { driver, hosts, user, password, name: databaseName } = database;
  const place: readonly Parameter[] =
    driver === 'sqlite'
      ? [['dbpath', databaseName]]
      : [
          ['hosts', hosts.join(' ')],
          ['user', user ?? ''],
          ['password', password ?? ''],
          ['dbname', databaseName],
        ];
  const groups: readonly Group[] = [
    { comment: 'The database.', parameters: place },
    { comment: 'The question.', parameters: [['query', query]] },
  ];
  const head = 'Accounts per sender in a database. Written by hikyaku at start.';
  return configFile(name, mainCfText(head, groups), SECRET);
}

/** How the server that the database names becomes a delivery service and a next hop. */
const TRANSPORTS = `# The delivery service for an account's server: port 465 is TLS from the first byte.
/^(.*:(465|smtps|submissions))$/ ${IMPLICIT}:$1
/^(.+)$/ ${STARTTLS}:$1
`;

/** The files that a database needs. */
export function databaseFiles({ database }: Settings): readonly RenderedFile[] {
  if (database === undefined) return [];
  const { driver } = database;
  const relay = accountsQuery(driver, "'['", 'host', "']:'", 'port');
  const credentials = accountsQuery(driver, 'username', "':'", 'password');
  return [
    queryFile('relay_query.cf', database, database.relay_query ?? relay),
    queryFile('credentials_query.cf', database, database.credentials_query ?? credentials),
    configFile('account_transport', TRANSPORTS),
  ];
}

const lookup = (driver: string, file: string): string => `${driver}:${CONFIG_DIRECTORY}/${file}`;

/**
 * Which delivery service takes a sender's mail: the server from the database, handed on to a table
 * that puts the service in front (pipemap in DATABASE_README).
 */
export const databaseTransports = ({ driver }: Database): string =>
  `pipemap:{${lookup(driver, 'relay_query.cf')}, ${lookup('regexp', 'account_transport')}}`;

const accountService = (
  database: Database,
  certificates: readonly Certificates[],
  name: string,
  implicitTls: boolean,
): Service => {
  const { driver, tls, ca_file: caFile } = database;
  // Only whether there is a login, and how it may be made, matters here: its words are looked up.
  const login = { username: '', password: '' };
  return {
    name,
    type: 'unix',
    private: true,
    unprivileged: true,
    command: 'smtp',
    options: [
      ['syslog_name', `postfix/${name}`],
      ...tlsParameters({ kind: 'relay', tls, implicitTls, mx: false, caFile }, certificates),
      ...loginParameters({ login, mechanisms: [] }, lookup(driver, 'credentials_query.cf')),
      ['smtp_sender_dependent_authentication', 'yes'],
    ],
  };
};

/**
 * The services that a database needs: two for delivery, and an address resolver for the listeners
 * that does not ask the database, so that mail is taken in while the database is away.
 */
export const databaseServices = ({ database, certificates }: Settings): readonly Service[] =>
  database === undefined
    ? []
    : [
        accountService(database, certificates, STARTTLS, false),
        accountService(database, certificates, IMPLICIT, true),
        {
          name: INTAKE_REWRITE,
          type: 'unix',
          private: true,
          unprivileged: true,
          command: 'trivial-rewrite',
          options: [['sender_dependent_default_transport_maps', '']],
        },
      ];

/** The address resolver of the listeners, when there is a database. */
export const INTAKE_REWRITE = 'intake-rewrite';
