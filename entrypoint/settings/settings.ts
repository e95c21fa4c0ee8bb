import { admittedClients, type Clients } from './clients.ts';
import type { Facts } from './facts.ts';
import type { Row } from './setting.ts';
import type { Provider, Account as RawAccount, RawSettings, TlsLevel } from './table.ts';

/** Username and password at a provider. */
export interface Login {
  readonly username: string;
  readonly password: string;
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
}

/** Where mail goes: through a relay host, or straight to the recipients' MX hosts. */
export type Route =
  | ({ readonly kind: 'relay' } & RelayHost)
  | { readonly kind: 'direct'; readonly tls: TlsLevel; readonly caFile: string | undefined };

export interface Account {
  readonly sender: string;
  readonly relayHost: RelayHost;
}

/** The checked, complete settings: what rendering needs, and nothing of how they were given. */
export interface Settings {
  readonly myhostname: string;
  readonly myorigin: string;
  readonly route: Route;
  readonly accounts: readonly Account[];
  readonly generic: readonly Row[];
  readonly clients: Clients;
  readonly listen: readonly number[];
  /** Other main.cf parameters, as the user wrote them. */
  readonly overrides: readonly Row[];
}

/** The port on which TLS starts with the first byte (RFC 8314 section 7.3). */
export const IMPLICIT_TLS_PORT = 465;

/** The level that holds when none was given. */
export const defaultTls = (hasHost: boolean): TlsLevel => (hasHost ? 'verify' : 'opportunistic');

/** Fills in what depends on other settings. To be called with settings that passed every rule. */
export function complete(raw: RawSettings, facts: Facts): Settings {
  const myhostname = raw.myhostname ?? fullName(facts.hostname);
  return Object.freeze({
    myhostname,
    myorigin: raw.myorigin ?? myhostname,
    route: routeOf(raw.relay),
    accounts: raw.accounts.flatMap(accountOf),
    generic: raw.generic,
    clients: admittedClients(raw.networks, raw.trust_gateway, facts.interfaces, facts.gateways),
    listen: raw.listen,
    overrides: raw.postfix,
  });
}

/** Postfix wants a name with a dot; its own default domain is localdomain (mydomain in postconf(5)). */
const fullName = (hostname: string): string =>
  hostname.includes('.') ? hostname : `${hostname}.localdomain`;

function routeOf(provider: Provider): Route {
  const relayHost = relayHostOf(provider);
  if (relayHost !== undefined) return { kind: 'relay', ...relayHost };
  return {
    kind: 'direct',
    tls: provider.tls ?? defaultTls(false),
    caFile: provider.ca_file,
  };
}

function accountOf(raw: RawAccount): readonly Account[] {
  const relayHost = relayHostOf(raw);
  const complete = raw.sender !== undefined && relayHost !== undefined;
  return complete ? [{ sender: raw.sender, relayHost }] : [];
}

function relayHostOf(provider: Provider): RelayHost | undefined {
  const { host, port, mx, username, password, mechanisms } = provider;
  if (host === undefined) return undefined;
  const hasLogin = username !== undefined && password !== undefined;
  return {
    host,
    port,
    mx,
    tls: provider.tls ?? defaultTls(true),
    implicitTls: port === IMPLICIT_TLS_PORT,
    login: hasLogin ? { username, password } : undefined,
    mechanisms,
    caFile: provider.ca_file,
  };
}
