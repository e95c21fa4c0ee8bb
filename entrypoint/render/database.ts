import type { Certificates, Database, Settings } from '../settings/settings.ts';
import { ACCOUNT_SERVICES, credentialsQuery, relayQuery } from './account-queries.ts';
import { type Group, mainCfText, type Option, type Parameter, type Service } from './cf-syntax.ts';
import { CONFIG_DIRECTORY, configFile, type RenderedFile, SECRET } from './file.ts';
import { loginParameters, tlsParameters } from './smtp-client.ts';

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
          // A server that was away is asked again soon, not only after a minute.
          ['retry_interval', '5'],
        ];
  const groups: readonly Group[] = [
    { comment: 'The database.', parameters: place },
    { comment: 'The question.', parameters: [['query', query]] },
  ];
  const head = 'Accounts per sender in a database. Written by hikyaku at start.';
  return configFile(name, mainCfText(head, groups), SECRET);
}

/** The files that a database needs. */
export const databaseFiles = ({ database }: Settings): readonly RenderedFile[] =>
  database === undefined
    ? []
    : [
        queryFile('relay_query.cf', database, relayQuery(database)),
        queryFile('credentials_query.cf', database, credentialsQuery(database)),
      ];

const lookup = (driver: string, file: string): string => `${driver}:${CONFIG_DIRECTORY}/${file}`;

const accountService = (
  { driver, tls, ca_file: caFile }: Database,
  certificates: readonly Certificates[],
  { name, implicitTls, login }: (typeof ACCOUNT_SERVICES)[number],
): Service => ({
  name,
  type: 'unix',
  private: true,
  unprivileged: true,
  command: 'smtp',
  options: [
    ['syslog_name', `postfix/${name}`],
    ...tlsParameters({ kind: 'relay', tls, implicitTls, mx: false, caFile }, certificates),
    ...loginParameters(
      // Only whether there is a login, and how it may be made, matters here: its words are looked up.
      { login: login ? { username: '', password: '' } : undefined, mechanisms: [] },
      lookup(driver, 'credentials_query.cf'),
    ),
    ['smtp_sender_dependent_authentication', login ? 'yes' : 'no'],
  ],
});

/** The queue manager's address resolver, when there is a database. */
const ACCOUNT_REWRITE = 'account-rewrite';

/**
 * Has the queue manager, and nobody else, ask the database where a sender's mail goes: mail is
 * taken in while the database is away, and waits.
 */
export const queueManagerOptions = ({ database }: Settings): readonly Option[] =>
  database === undefined ? [] : [['rewrite_service_name', ACCOUNT_REWRITE]];

/** The services that a database needs: those that deliver, and the queue manager's resolver. */
export const databaseServices = ({ database, certificates }: Settings): readonly Service[] =>
  database === undefined
    ? []
    : [
        ...ACCOUNT_SERVICES.map((traits) => accountService(database, certificates, traits)),
        {
          name: ACCOUNT_REWRITE,
          type: 'unix',
          private: true,
          unprivileged: true,
          command: 'trivial-rewrite',
          options: [
            ['sender_dependent_default_transport_maps', lookup(database.driver, 'relay_query.cf')],
          ],
        },
      ];
