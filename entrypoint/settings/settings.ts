import { WITH_TOKEN } from '../postfix/mechanisms.ts';
import { admittedClients, type Clients } from './clients.ts';
import { type Ending, endingsOf } from './ending.ts';
import type { Facts, HashedPassword, HttpsProxy } from './facts.ts';
import { type OAuth2, oauth2Of } from './oauth2.ts';
import { findPreset, presetName, withPreset } from './providers.ts';
import type { Fields, Row } from './setting.ts';
import { type Submission, submissionOf } from './submission.ts';
import {
  type MapType,
  type Provider,
  type Account as RawAccount,
  type RawDatabase,
  type RawSettings,
  settingsTable,
  type TlsLevel,
} from './table.ts';
import { IMPLICIT_TLS_PORT } from './validators/plain.ts';

/** Who logs in at a provider. */
export interface Login {
  readonly username: string;
  /** Or, with `oauth2`, the access token: empty until there is one. */
  readonly password: string;
  readonly oauth2?: OAuth2;
}

/** The certificates of a CA file. */
export interface Certificates {
  readonly path: string;
  readonly pem: string;
}

/** A server that takes our mail: the provider, or one account's provider. */
export interface RelayHost {
  readonly host: string;
  readonly port: number;
  /** Whether the MX records of host are followed. */
  readonly mx: boolean;
  readonly tls: TlsLevel;
  /** TLS from the first byte (RFC 8314 section 3.3), as on port 465, instead of STARTTLS. */
  readonly implicitTls: boolean;
  readonly login: Login | undefined;
  readonly mechanisms: readonly string[];
  readonly caFile: string | undefined;
  readonly connections: number;
  /** The address that mail leaves as, whatever its sender. */
  readonly sendAs: string | undefined;
}

/** A relay host to try when the one before does not answer; TLS and mechanisms are the relay's. */
export type BackupHost = Pick<RelayHost, 'host' | 'port' | 'mx' | 'login' | 'sendAs'>;

/** The route of mail: through a relay host, or straight to the recipients' MX hosts. */
export type Route =
  | ({ readonly kind: 'relay'; readonly backups: readonly BackupHost[] } & RelayHost)
  | {
      readonly kind: 'direct';
      readonly tls: TlsLevel;
      readonly caFile: string | undefined;
      readonly sendAs: string | undefined;
    };

/** Another way out. When several fit, the client's comes first, then the recipient's. */
export interface Account {
  /** The key that chooses it. */
  readonly by: 'sender' | 'recipient' | 'client';
  /** An address or `@domain`; of a client an address or a range. */
  readonly match: string;
  readonly relayHost: RelayHost;
}

/** Accounts per sender in a database. */
export type Database = Omit<RawDatabase, 'driver' | 'name'> & {
  readonly driver: NonNullable<RawDatabase['driver']>;
  readonly name: string;
};

/** The recipients of alerts when mail cannot leave. */
export interface Alerts {
  readonly expect: readonly Expected[];
  /** Addresses with tokens in them. */
  readonly to: readonly string[];
  /** How long mail waits before an alert, in seconds. */
  readonly after: number;
}

/** Mail that should come so often, in seconds, from a sender or a client, or from both. */
export interface Expected {
  readonly sender: string | undefined;
  readonly client: string | undefined;
  readonly every: number;
  /** Words in its subject that say that something failed. */
  readonly failed: readonly string[];
}

/** Which algorithms sign (RFC 6376 section 3.3, RFC 8463). */
export type KeyAlgorithm = 'rsa' | 'ed25519';

/** Mail of these domains is signed with each of the keys. */
export interface Signing {
  readonly domains: readonly string[];
  readonly keys: readonly { readonly selector: string; readonly algorithm: KeyAlgorithm }[];
  /** The user's own key; undefined: the relay makes its keys and keeps them. */
  readonly keyFile: string | undefined;
}

/** The web page, with the metrics beside it. */
export interface Page {
  readonly listen: number;
  readonly username: string;
  /** Undefined: only the clients that may send mail see the page. */
  readonly password: HashedPassword | undefined;
}

/** The checked, complete settings: what rendering needs, and nothing of how they were given. */
export interface Settings {
  readonly myhostname: string;
  readonly myorigin: string;
  readonly route: Route;
  readonly accounts: readonly Account[];
  readonly database: Database | undefined;
  readonly generic: readonly Row[];
  readonly canonical: readonly Row[];
  readonly virtual: readonly Row<string, readonly string[]>[];
  /** The address that gets all mail, in place of its recipients. */
  readonly capture: string | undefined;
  readonly local: RawSettings['local'];
  /** How to reach token endpoints, where a proxy stands in between. */
  readonly proxy: HttpsProxy;
  /** The CA files that are named above, by path: what certificates (PEM) each holds. */
  readonly certificates: readonly Certificates[];
  /** The ends of certificates and secrets in the settings. */
  readonly endings: readonly Ending[];
  readonly clients: Clients;
  readonly allowedSenders: readonly string[];
  readonly allowedRecipients: readonly string[];
  readonly listen: readonly number[];
  readonly submission: Submission;
  /** In bytes. */
  readonly messageSize: number;
  /** In seconds. */
  readonly queueLifetime: number;
  readonly rate: RawSettings['rate'];
  /** Undefined: mail leaves without a signature. */
  readonly signing: Signing | undefined;
  readonly log: RawSettings['log'];
  /** Whether a program follows the log (`pair`), so that the follower gets it first. */
  readonly followed?: true;
  /** Undefined: no alerts. */
  readonly alerts: Alerts | undefined;
  /** Whether files that change are applied by themselves. */
  readonly watch: boolean;
  /** How long what became of each mail is kept, in seconds; undefined: not at all. */
  readonly history: number | undefined;
  /** Zones of DNS block lists: `zen.spamhaus.org`. */
  readonly blockLists: readonly string[];
  /** Undefined: the web page is off. */
  readonly page: Page | undefined;
  readonly mapType: MapType;
  /** The main.cf parameters that get the value of one setting as it is. */
  readonly parameters: readonly Row[];
  /** Other main.cf parameters, as the user wrote them. */
  readonly overrides: readonly Row[];
}

/** The default TLS level. */
export const defaultTls = (hasHost: boolean): TlsLevel => (hasHost ? 'verify' : 'opportunistic');

/** The largest message, in bytes, where neither user nor provider says anything. */
export const DEFAULT_SIZE = 25 * 1024 * 1024;

/** The servers that everybody's mail goes to, in the order in which they are tried. */
export const relayHostsOf = (route: Route): readonly BackupHost[] =>
  route.kind === 'relay' ? [route, ...route.backups] : [];

/** Fills in what depends on other settings. To be called with settings that passed every rule. */
export function complete(raw: RawSettings, facts: Facts): Settings {
  const myhostname = raw.myhostname ?? fullName(facts.hostname);
  return Object.freeze({
    myhostname,
    myorigin: raw.myorigin ?? myhostname,
    route: routeOf(raw.relay, raw.send_as, facts),
    accounts: raw.accounts.flatMap((account) => accountOf(account, facts)),
    database: databaseOf(raw.database),
    generic: raw.generic,
    canonical: raw.canonical,
    virtual: raw.virtual,
    capture: captureOf(raw),
    local: raw.local,
    proxy: facts.proxy ?? { https: '', except: '' },
    certificates: [...facts.caFiles].flatMap(([path, file]) =>
      'pem' in file ? [{ path, pem: file.pem }] : [],
    ),
    endings: endingsOf(raw, facts),
    clients: admittedClients(raw.networks, raw.trust_gateway, facts.interfaces, facts.gateways),
    allowedSenders: raw.allowed_senders,
    allowedRecipients: raw.allowed_recipients,
    listen: raw.listen,
    submission: submissionOf(raw, facts, myhostname),
    messageSize: raw.message_size ?? findPreset(presetName(raw.relay))?.messageSize ?? DEFAULT_SIZE,
    queueLifetime: raw.queue_lifetime,
    rate: raw.rate,
    signing: signingOf(raw.dkim, facts),
    log: raw.log,
    alerts: alertsOf(raw),
    watch: raw.watch,
    history: raw.history === 0 ? undefined : raw.history,
    blockLists: raw.block_lists,
    page: pageOf(raw.page, facts),
    mapType: raw.map_type,
    parameters: parametersAsGiven(settingsTable, raw),
    overrides: raw.postfix,
  });
}

/** The parameters that settings drive by themselves (`drives` in setting.ts), in the table's order. */
export const parametersAsGiven = (
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
): readonly Row[] =>
  Object.entries(fields).flatMap(([key, node]) => rowsAsGiven(node, values[key]));

function rowsAsGiven(node: Fields[string], value: unknown): readonly Row[] {
  switch (node.kind) {
    case 'setting': {
      const to = parameterText(value);
      return typeof node.drives === 'string' && to !== '' ? [{ from: node.drives, to }] : [];
    }
    case 'section':
      return isRecord(value) ? parametersAsGiven(node.fields, value) : [];
    case 'items':
      return [];
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A value as main.cf has it; empty for a setting without one. */
function parameterText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  return value === undefined ? '' : String(value);
}

/** A bare name is that of a mailbox here. */
const captureOf = ({ capture, local }: RawSettings): string | undefined =>
  capture === undefined || capture.includes('@') ? capture : `${capture}@${local.domains[0] ?? ''}`;

/** Postfix wants a name with a dot; its own default domain is localdomain (mydomain in postconf(5)). */
export const fullName = (hostname: string): string =>
  hostname.includes('.') ? hostname : `${hostname}.localdomain`;

function routeOf(relay: RawSettings['relay'], sendAs: string | undefined, facts: Facts): Route {
  const relayHost = relayHostOf(relay, sendAs, facts);
  if (relayHost !== undefined) {
    const backups = relay.backups.flatMap(({ host, port, mx, send_as: own, ...login }) =>
      host === undefined
        ? []
        : [
            {
              host,
              port,
              mx,
              login: loginOf({ ...login, ca_file: relay.ca_file }, facts),
              sendAs: own,
            },
          ],
    );
    return { kind: 'relay', ...relayHost, backups };
  }
  return {
    kind: 'direct',
    tls: relay.tls ?? defaultTls(false),
    caFile: relay.ca_file,
    sendAs,
  };
}

function accountOf(raw: RawAccount, facts: Facts): readonly Account[] {
  const relayHost = relayHostOf(raw, raw.send_as, facts);
  if (relayHost === undefined) return [];
  const { sender, recipient, client } = raw;
  if (sender !== undefined) return [{ by: 'sender', match: sender, relayHost }];
  if (recipient !== undefined) return [{ by: 'recipient', match: recipient, relayHost }];
  return client === undefined ? [] : [{ by: 'client', match: client, relayHost }];
}

function relayHostOf(
  provider: Provider,
  sendAs: string | undefined,
  facts: Facts,
): RelayHost | undefined {
  const { host, port, mx, mechanisms, connections } = withPreset(provider);
  if (host === undefined) return undefined;
  const login = loginOf(provider, facts);
  return {
    host,
    port,
    mx,
    tls: provider.tls ?? defaultTls(true),
    implicitTls: port === IMPLICIT_TLS_PORT,
    login,
    // A token goes only by its own mechanisms.
    mechanisms: login?.oauth2 !== undefined && mechanisms.length === 0 ? TOKEN_ONLY : mechanisms,
    caFile: provider.ca_file,
    connections,
    sendAs,
  };
}

const TOKEN_ONLY = WITH_TOKEN.map((one) => one.toLowerCase());

function loginOf(
  raw: Pick<Provider, 'username' | 'password' | 'oauth2' | 'ca_file'>,
  facts: Facts,
): Login | undefined {
  const { username, password } = raw;
  if (username === undefined) return undefined;
  const oauth2 = oauth2Of(raw.oauth2, raw.ca_file, facts);
  if (oauth2 !== undefined) return { username, password: '', oauth2 };
  return password === undefined ? undefined : { username, password };
}

function databaseOf({ driver, name, ...rest }: RawDatabase): Database | undefined {
  return driver === undefined || name === undefined ? undefined : { driver, name, ...rest };
}

/** A key of each kind, since some receivers know RSA only (RFC 8463 section 3). */
function signingOf({ domain, selector, key_file: keyFile }: RawSettings['dkim'], facts: Facts) {
  if (domain.length === 0) return undefined;
  const given = keyFile === undefined ? undefined : facts.dkimKey;
  const keys: Signing['keys'] =
    given !== undefined && 'algorithm' in given
      ? [{ selector, algorithm: given.algorithm }]
      : [
          { selector, algorithm: 'rsa' },
          { selector: `${selector}-ed25519`, algorithm: 'ed25519' },
        ];
  return { domains: domain, keys, keyFile };
}

const alertsOf = ({ alerts: { to, after }, expect }: RawSettings): Alerts | undefined =>
  to === undefined || to.length === 0 ? undefined : { to, after, expect };

/** The prefix gives the page a salt that no client login has. */
function pageOf({ listen, username, password }: RawSettings['page'], facts: Facts) {
  if (listen === undefined) return undefined;
  if (password === undefined) return { listen, username, password };
  // Without a kept hash, every password is wrong.
  const hashed = facts.hashPassword?.(`page:${username}`, password) ?? { salt: '', key: '' };
  return { listen, username, password: hashed };
}
