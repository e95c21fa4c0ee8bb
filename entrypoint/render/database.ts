import {
  type Group,
  mainCfText,
  type Option,
  type Parameter,
  type Service,
  unix,
} from '../postfix/cf-syntax.ts';
import type { Database, Settings } from '../settings/settings.ts';
import { ACCOUNT_SERVICES, credentialsQuery, relayQuery } from './account-queries.ts';
import { configFile, type RenderedFile, SECRET, tableReference } from './file.ts';
import { accountService } from './smtp-client.ts';

/** The file with the query for a sender's delivery service and server. */
export const RELAY_QUERY = 'relay_query.cf';

/** The file with the query for a sender's login. */
export const CREDENTIALS_QUERY = 'credentials_query.cf';

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
        queryFile(RELAY_QUERY, database, relayQuery(database)),
        queryFile(CREDENTIALS_QUERY, database, credentialsQuery(database)),
      ];

const serviceOf = (
  { driver, tls, ca_file: caFile }: Database,
  settings: Settings,
  { name, implicitTls, login }: (typeof ACCOUNT_SERVICES)[number],
): Service => {
  const relayHost = {
    tls,
    implicitTls,
    mx: false,
    caFile,
    // Only the existence and the mechanisms of the login matter here. Postfix looks up its words.
    login: login ? { username: '', password: '' } : undefined,
    mechanisms: [],
    sendAs: undefined,
  };
  return accountService(name, relayHost, tableReference(driver, CREDENTIALS_QUERY), settings);
};

/** The queue manager's address resolver, when there is a database. */
const ACCOUNT_REWRITE = 'account-rewrite';

/**
 * Only the queue manager asks the database for the server of a sender. So the relay accepts mail
 * while the database is unreachable, and the mail waits.
 */
export const queueManagerOptions = ({ database }: Settings): readonly Option[] =>
  database === undefined ? [] : [['rewrite_service_name', ACCOUNT_REWRITE]];

/** The services that a database needs: those that deliver, and the queue manager's resolver. */
export const databaseServices = (settings: Settings): readonly Service[] => {
  const { database } = settings;
  return database === undefined
    ? []
    : [
        ...ACCOUNT_SERVICES.map((traits) => serviceOf(database, settings, traits)),
        unix(ACCOUNT_REWRITE, 'trivial-rewrite', {
          options: [
            [
              'sender_dependent_default_transport_maps',
              tableReference(database.driver, RELAY_QUERY),
            ],
          ],
        }),
      ];
};
