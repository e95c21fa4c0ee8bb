import { type Parameter, type Service, tableText } from '../postfix/cf-syntax.ts';
import type { Account, Settings } from '../settings/settings.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';
import { accountService, concurrency } from './smtp-client.ts';

/**
 * The delivery service of one account, by its sender and server: `account-user1-example-com-1x2y3z`.
 * It does not depend on the account's place in the file. So mail on its way while accounts are put
 * into another order keeps its own service, and mail whose account has another server now finds
 * none, waits a moment, and is sent there.
 */
export function serviceName({ sender, relayHost }: Account): string {
  const identity = `${sender.toLowerCase()} ${nexthop(relayHost)}`;
  const words = sender.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const readable = words.join('-').slice(0, LONGEST_WORDS);
  return `account-${readable}-${hash(identity)}`;
}

const LONGEST_WORDS = 30;

/** FNV-1a in 32 bits, in the digits and letters that a service's name may have. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return (value >>> 0).toString(36).padStart(7, '0');
}

/** Limits that main.cf holds by the name of the service (TRANSPORT_destination_... in postconf(5)). */
export const accountLimits = ({ accounts }: Settings): readonly Parameter[] =>
  accounts.flatMap((account) => concurrency(serviceName(account), account.relayHost));

/** Which service takes the mail of which sender (sender_dependent_default_transport_maps). */
export function senderTransports({ accounts, mapType }: Settings): RenderedFile | undefined {
  if (accounts.length === 0) return undefined;
  const rows = accounts.map(
    (account) => [account.sender, `${serviceName(account)}:${nexthop(account.relayHost)}`] as const,
  );
  const head = "Senders with an account of their own: the service and the provider's server.";
  return { ...configFile('sender_transport', tableText(head, rows)), index: mapType };
}

/** A delivery service for each account. */
export const accountServices = ({
  accounts,
  mapType,
  certificates,
}: Settings): readonly Service[] =>
  accounts.map((account) =>
    accountService(
      serviceName(account),
      account.relayHost,
      tableReference(mapType, 'sasl_passwd'),
      certificates,
    ),
  );
