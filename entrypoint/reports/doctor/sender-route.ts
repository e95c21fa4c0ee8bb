import { readComplaint } from '../../advice/foreign/database.ts';
import { addressKeys, NOT_AT_HOME } from '../../postfix/address-lookup.ts';
import { ROW, type Server, serverFor, serversOf } from '../../probe/servers.ts';
import { CREDENTIALS_QUERY, RELAY_QUERY } from '../../render/database.ts';
import { tableReference } from '../../render/file.ts';
import { words } from '../../settings/naming/sentence.ts';
import type { Database, Settings } from '../../settings/settings.ts';
import type { Ask } from './asked-tables.ts';
import { type Finding, note, ok, wrongHere } from './diagnosis.ts';

/** The route of a sender's mail: its server, if one can be probed, and the findings. */
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
  const subject = `sender ${sender}`;
  const servers = serversOf(settings);
  if (database !== undefined) {
    const found = await firstAnswer(tableReference(database.driver, RELAY_QUERY), sender, ask);
    if ('fault' in found) return broken(subject, found.fault);
    if (found.answer !== undefined) {
      return databaseRoute(subject, { sender, key: found.key, text: found.answer }, database, ask);
    }
  } else if (accounts.some(({ by }) => by === 'sender')) {
    const found = await firstAnswer(tableReference(mapType, 'sender_transport'), sender, ask);
    if ('fault' in found) return broken(subject, found.fault);
    const [service] = (found.answer ?? '').split(':');
    const server = servers.find((one) => one.service === service);
    if (server !== undefined) return goesBy(subject, server);
  }
  const server = serverFor(
    servers.filter(({ path }) => path === 'relay'),
    sender,
  );
  const way =
    server === undefined ? "straight to the recipients' MX hosts" : `by the ${server.label}`;
  const sentence = words`has no account of its own, and goes ${way}`;
  return { server, findings: [ok('sender', subject, sentence)] };
}

const goesBy = (subject: string, server: Server): SenderRoute => ({
  server,
  findings: [ok('sender', subject, words`goes by ${server.label}`)],
});

const broken = (subject: string, complaint: string): SenderRoute => ({
  server: undefined,
  findings: [wrongHere(subject, readComplaint(complaint))],
});

/** Under the keys that Postfix tries (sender_dependent_default_transport_maps in postconf(5)). */
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
  readonly text: string;
}

/** The server of a row, with the login that the other query gives. */
async function databaseRoute(
  subject: string,
  { sender, key, text }: Row,
  database: Database,
  ask: Ask,
): Promise<SenderRoute> {
  const [, service = '', bracket, host = '', port = '25'] =
    /^([\w-]+):(\[)?(?:ipv6:)?([^\]]+?)\]?(?::(\w+))?$/i.exec(text) ?? [];
  if (!service.startsWith('accounts') || host === '') {
    return { server: undefined, findings: [wrongHere(subject, { kind: 'row', row: key })] };
  }
  const credentials = service.includes('no-login')
    ? { answer: undefined }
    : await firstAnswer(tableReference(database.driver, CREDENTIALS_QUERY), sender, ask);
  if ('fault' in credentials) return broken(subject, credentials.fault);
  const colon = credentials.answer?.indexOf(':') ?? -1;
  const server: Server = {
    host,
    port: portNumber(port),
    mx: bracket === undefined,
    implicitTls: service.includes('-tls'),
    tls: database.tls,
    caFile: database.ca_file,
    mechanisms: [],
    sendAs: undefined,
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
    label: `account ${key} of the database at ${text.slice(service.length + 1)}`,
    sender: key,
    service,
  };
  return goesBy(subject, server);
}

const NAMED_PORTS: Readonly<Record<string, number>> = {
  smtp: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
};

const portNumber = (text: string): number => NAMED_PORTS[text] ?? Number(text);

/** A database is asked for one sender, since it gives no list of its accounts. */
export const databaseNote = ({ database }: Settings): readonly Finding[] =>
  database === undefined
    ? []
    : [
        note(
          'database',
          'accounts in the database',
          words`their servers are not checked, since the query answers for one sender at a time: "hikyaku doctor --sender me@example.com" checks that of one`,
        ),
      ];
