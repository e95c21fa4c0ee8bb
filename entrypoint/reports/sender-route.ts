import { databaseRemedy } from '../advice/table-complaint.ts';
import { addressKeys, NOT_AT_HOME } from '../postfix/address-lookup.ts';
import type { Answer } from '../postfix/running/tables.ts';
import { type Finding, note, ok, wrong } from '../probe/finding.ts';
import { ROW, type Server, serverFor, serversOf } from '../probe/servers.ts';
import { serviceName } from '../render/accounts.ts';
import { CREDENTIALS_QUERY, RELAY_QUERY } from '../render/database.ts';
import { tableReference } from '../render/file.ts';
import type { Database, Settings } from '../settings/settings.ts';

/** How a table is asked for one key. */
export type Ask = (reference: string, key: string) => Promise<Answer>;

/** Where a sender's mail goes: the server, when there is one to look at, and what was found. */
export interface SenderRoute {
  readonly server: Server | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Asks the tables that Postfix asks for the account of a sender, by their own references: also
 * those in a database, which answer for one sender and cannot be listed.
 */
export async function routeOf(sender: string, settings: Settings, ask: Ask): Promise<SenderRoute> {
  const { database, accounts, mapType } = settings;
  const topic = `sender ${sender}`;
  const servers = serversOf(settings);
  if (database !== undefined) {
    const found = await firstAnswer(tableReference(database.driver, RELAY_QUERY), sender, ask);
    if ('fault' in found) return broken(topic, found.fault);
    if (found.answer !== undefined) {
      return databaseRoute(topic, { sender, key: found.key, words: found.answer }, database, ask);
    }
  } else if (accounts.length > 0) {
    const found = await firstAnswer(tableReference(mapType, 'sender_transport'), sender, ask);
    if ('fault' in found) return broken(topic, found.fault);
    const [service] = (found.answer ?? '').split(':');
    const index = accounts.findIndex((account) => serviceName(account) === service);
    const server = servers.find(({ path }) => path === `accounts.${index}`);
    if (server !== undefined) return { server, findings: [ok(topic, `goes by ${server.label}`)] };
  }
  const server = serverFor(
    servers.filter(({ path }) => path === 'relay'),
    sender,
  );
  const words =
    server === undefined ? "straight to the recipients' MX hosts" : `by the ${server.label}`;
  return { server, findings: [ok(topic, `has no account of its own, and goes ${words}`)] };
}

const broken = (topic: string, fault: string): SenderRoute => ({
  server: undefined,
  findings: [
    wrong(topic, `the table of accounts cannot be asked: ${fault}`, databaseRemedy(fault)),
  ],
});

async function firstAnswer(reference: string, sender: string, ask: Ask) {
  for (const { key } of addressKeys(sender, NOT_AT_HOME)) {
    const found = await ask(reference, key);
    if ('fault' in found) return found;
    if (found.answer !== undefined) return { key, answer: found.answer };
  }
  return { key: sender, answer: undefined };
}

interface Row {
  readonly sender: string;
  /** The key that was found: the address or its domain. */
  readonly key: string;
  /** `accounts-tls:[mail.example.com]:465` */
  readonly words: string;
}

/** The server of a row, with the login that the other query gives. */
async function databaseRoute(
  topic: string,
  { sender, key, words }: Row,
  database: Database,
  ask: Ask,
): Promise<SenderRoute> {
  const [, service = '', bracket, host = '', port = '25'] =
    /^([\w-]+):(\[)?(?:ipv6:)?([^\]]+?)\]?(?::(\w+))?$/i.exec(words) ?? [];
  const row = `the row of ${key} in the database`;
  if (!service.startsWith('accounts') || host === '') {
    const remedy = `give ${row} a host, and a port from 1 to 65535`;
    return { server: undefined, findings: [wrong(topic, `${row} has no usable server`, remedy)] };
  }
  const credentials = service.includes('no-login')
    ? { answer: undefined }
    : await firstAnswer(tableReference(database.driver, CREDENTIALS_QUERY), sender, ask);
  if ('fault' in credentials) return broken(topic, credentials.fault);
  const colon = credentials.answer?.indexOf(':') ?? -1;
  const server: Server = {
    host,
    port: portNumber(port),
    mx: bracket === undefined,
    implicitTls: service.includes('-tls'),
    tls: database.tls,
    caFile: database.ca_file,
    mechanisms: [],
    // A look takes no more.
    connections: 1,
    login:
      credentials.answer === undefined || colon < 0
        ? undefined
        : {
            username: credentials.answer.slice(0, colon),
            password: credentials.answer.slice(colon + 1),
          },
    path: `${ROW}${key}`,
    label: `account ${key} of the database at ${words.slice(service.length + 1)}`,
    sender: key,
  };
  return { server, findings: [ok(topic, `goes by ${server.label}`)] };
}

const NAMED_PORTS: Readonly<Record<string, number>> = {
  smtp: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
};

const portNumber = (text: string): number => NAMED_PORTS[text] ?? Number(text);

/** Accounts in a database answer for one sender: there is no list of them to go through. */
export const databaseNote = ({ database }: Settings): readonly Finding[] =>
  database === undefined
    ? []
    : [
        note(
          'accounts in the database',
          'their servers are not looked at, since the query answers for one sender at a time: ' +
            '"hikyaku doctor --sender me@example.com" looks at that of one',
        ),
      ];
