import { addressKeys, NOT_AT_HOME } from '../postfix/address-lookup.ts';
import { serviceName } from '../render/accounts.ts';
import { stepOf } from '../render/backup-steps.ts';
import { nexthop } from '../render/destination.ts';
import { type SettingRef, setting } from '../settings/naming/sentence.ts';
import type { BackupHost, RelayHost, Route, Settings } from '../settings/settings.ts';

/** A server that mail is handed to, and where the user set it up. */
export interface Server extends RelayHost {
  /** The path of its settings: `relay`, `relay.backups.0`, `accounts.0`. */
  readonly path: string;
  /** Its name in reports: `relay host [mail.isp.example]:587`. */
  readonly label: string;
  /** The account's sender, an address or a domain; undefined for the relay host of all others. */
  readonly sender: string | undefined;
  /** The delivery service that takes its mail (master.cf). */
  readonly service: string;
}

/** Backup hosts have no TLS level, CA file or mechanisms of their own: the relay host's hold. */
const OF_THE_RELAY = ['tls', 'ca_file', 'mechanisms', 'connections'];

/** Prefix of the path of an account in a database; its key follows. */
export const ROW = 'row:';

/** The settings of a server as advice names them: `tls` -> relay.tls, accounts.0.tls. */
export function settingOf(path: string): (key: string, value?: string) => SettingRef {
  if (path.startsWith(ROW)) return columnOf(path.slice(ROW.length));
  const relay = path.replace(/\.backups\..*/, '');
  return (key, value) => setting(`${OF_THE_RELAY.includes(key) ? relay : path}.${key}`, value);
}

/** An account in a database: what is not in its row is a setting for all of them. */
const columnOf =
  (row: string) =>
  (key: string, value?: string): SettingRef => {
    if (['tls', 'ca_file'].includes(key)) return setting(`database.${key}`, value);
    if (key === 'mechanisms') return setting('postfix.smtp_sasl_mechanism_filter', value);
    if (key === 'connections') {
      return setting('postfix.default_destination_concurrency_limit', value);
    }
    return { column: key, row };
  };

/** Every server that the settings name: the relay host, its backups, the accounts. */
export function serversOf({
  route,
  accounts,
}: Pick<Settings, 'route' | 'accounts'>): readonly Server[] {
  const relay: readonly Server[] =
    route.kind === 'direct'
      ? []
      : [
          {
            ...route,
            path: 'relay',
            label: `relay host ${nexthop(route)}`,
            sender: undefined,
            service: 'smtp',
          },
          ...route.backups.map((backup, index) => backupServer(route, backup, index)),
        ];
  return [
    ...relay,
    ...accounts.map((account, index) => ({
      ...account.relayHost,
      path: `accounts.${index}`,
      label: `account ${account.match} at ${nexthop(account.relayHost)}`,
      sender: account.by === 'sender' ? account.match : undefined,
      service: serviceName(account),
    })),
  ];
}

/** A recipient's domain as mail gets there without a relay host. */
export const mailServerOf = (domain: string, { tls }: Pick<Route, 'tls'>): Server => ({
  host: domain,
  port: 25,
  mx: true,
  // `dane` falls back to `opportunistic` without TLSA records (smtp_tls_security_level = dane).
  tls: tls === 'dane' ? 'opportunistic' : tls,
  implicitTls: false,
  login: undefined,
  mechanisms: [],
  caFile: undefined,
  connections: 1,
  path: 'relay',
  label: `direct delivery to ${domain}`,
  sender: undefined,
  service: 'smtp',
  sendAs: undefined,
});

/** One of a domain's MX hosts, to look whether its certificate can be trusted at this level. */
export const mailHostOf = (host: string, tls: 'verify' | 'dane', route: Route): Server => ({
  ...mailServerOf(host, { tls }),
  mx: false,
  tls,
  caFile: route.caFile,
  label: `MX host ${host}`,
});

const backupServer = (
  relay: Extract<Route, { kind: 'relay' }>,
  backup: BackupHost,
  index: number,
): Server => ({
  ...relay,
  ...backup,
  path: `relay.backups.${index}`,
  label: `backup ${nexthop(backup)}`,
  sender: undefined,
  service: 'smtp',
  sendAs: relay.sendAs,
  ...stepOf(relay, backup),
});

/**
 * The server that takes a sender's mail: the account under the first key that is found, or else the
 * relay host (sender_dependent_default_transport_maps in postconf(5)).
 */
export function serverFor(servers: readonly Server[], address: string): Server | undefined {
  for (const { key } of addressKeys(address.toLowerCase(), NOT_AT_HOME)) {
    const account = servers.find(({ sender }) => sender?.toLowerCase() === key);
    if (account !== undefined) return account;
  }
  return servers.find(({ path }) => path === 'relay');
}
