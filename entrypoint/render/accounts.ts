import { type Parameter, type Service, tableText } from '../postfix/cf-syntax.ts';
import type { Account, Settings } from '../settings/settings.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, SECRET, tableReference } from './file.ts';
import { readableName } from './readable-name.ts';
import { senderKeys } from './send-as.ts';
import { accountService, concurrency } from './smtp-client.ts';

/**
 * The delivery service of one account, by its sender and server:
 * `account-user1-example-com-1x2y3z`. It does not depend on the account's place in the file. So
 * queued mail keeps its service when the accounts change their order. If an account gets another
 * server, its old service disappears, and queued mail waits a moment before it goes to the new
 * server.
 */
export function serviceName({ by, match, relayHost }: Account): string {
  const way = by === 'sender' ? '' : `${by} `;
  const identity = `${way}${match.toLowerCase()} ${nexthop(relayHost)}`;
  return `account-${readableName(match, identity)}`;
}

/** The route of an account's mail: `account-user1-example-com-1x2y3z:[mail.example.com]:587`. */
const wayOf = (account: Account): string => `${serviceName(account)}:${nexthop(account.relayHost)}`;

const chosenBy = ({ accounts }: Settings, by: Account['by']): readonly Account[] =>
  accounts.filter((account) => account.by === by);

/** Limits that main.cf holds by the name of the service (TRANSPORT_destination_... in postconf(5)). */
export const accountLimits = ({ accounts }: Settings): readonly Parameter[] =>
  accounts.flatMap((account) => concurrency(serviceName(account), account.relayHost));

/** Which service takes the mail of which sender (sender_dependent_default_transport_maps). */
export function senderTransports(settings: Settings): readonly RenderedFile[] {
  const rows = chosenBy(settings, 'sender').flatMap((account) =>
    senderKeys(account.match, settings).map((key) => [key, wayOf(account)] as const),
  );
  if (rows.length === 0) return [];
  const head = "Senders with an account of their own: the service and the provider's server.";
  const file = configFile('sender_transport', tableText(head, rows));
  return [{ ...file, index: settings.mapType }];
}

/** `@example.com` as a transport(5) table writes it: only the domain. */
const transportKey = (recipient: string): string => recipient.replace(/^@/, '');

/** Which service takes the mail to which recipient (transport_maps): it comes before the sender's. */
export const recipientTransports = (
  settings: Settings,
): readonly (readonly [key: string, way: string])[] =>
  chosenBy(settings, 'recipient').map((account) => [transportKey(account.match), wayOf(account)]);

/** Which service takes the mail of which client (cidr_table(5)): it comes before all else. */
export function clientTransports(settings: Settings): readonly RenderedFile[] {
  const rows = clientAccounts(settings).map(
    (account) => [account.match, `FILTER ${wayOf(account)}`] as const,
  );
  const head = "Clients with a way of their own: the service and the provider's server.";
  return rows.length === 0 ? [] : [configFile('client_transport', tableText(head, rows))];
}

/** The narrowest range first: the first that matches counts. */
const clientAccounts = (settings: Settings): readonly Account[] =>
  // FILTER would also be the way of what is captured (access(5)).
  settings.capture === undefined
    ? [...chosenBy(settings, 'client')].sort((a, b) => prefixOf(b) - prefixOf(a))
    : [];

const prefixOf = ({ match }: Account): number => Number(match.slice(match.indexOf('/') + 1));

/** The restriction that sends a client's mail its way; what stays here is let through before it. */
export const clientRestriction = (settings: Settings): readonly string[] =>
  clientAccounts(settings).length === 0
    ? []
    : [`check_client_access ${tableReference('cidr', 'client_transport')}`];

/** Prefix of the accounts' own tables of logins. */
export const OWN_LOGIN = 'sasl_passwd_';

/** The table with an account's login: by sender in one for all, by server in one of its own. */
export const loginTable = (account: Account): string =>
  account.by === 'sender' ? 'sasl_passwd' : `${OWN_LOGIN}${serviceName(account)}`;

/** The logins of accounts that are not chosen by their sender; two may be at one server. */
export const ownLogins = ({ accounts, mapType }: Settings): readonly RenderedFile[] =>
  accounts.flatMap((account) => {
    const { by, match, relayHost } = account;
    if (by === 'sender' || relayHost.login === undefined) return [];
    const { username, password } = relayHost.login;
    const rows = [[nexthop(relayHost), `${username}:${password}`] as const];
    const text = tableText(`The login of the account for the ${by} ${match}.`, rows);
    return [{ ...configFile(loginTable(account), text, SECRET), index: mapType }];
  });

/** A delivery service for each account. */
export const accountServices = (settings: Settings): readonly Service[] =>
  settings.accounts.map((account) =>
    accountService(
      serviceName(account),
      account.relayHost,
      tableReference(settings.mapType, loginTable(account)),
      settings,
      account.by === 'sender',
    ),
  );
