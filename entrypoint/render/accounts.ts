import type { Account, Certificates, Settings } from '../settings/settings.ts';
import { type Parameter, type Service, tableText } from './cf-syntax.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';
import { concurrency, loginParameters, tlsParameters } from './smtp-client.ts';

/** The delivery service of one account. */
const transportName = (index: number): string => `account${index + 1}`;

/** Limits that main.cf holds by the name of the service (TRANSPORT_destination_... in postconf(5)). */
export const accountLimits = ({ accounts }: Settings): readonly Parameter[] =>
  accounts.flatMap(({ relayHost }, index) => concurrency(transportName(index), relayHost));

/** Which service takes the mail of which sender (sender_dependent_default_transport_maps). */
export function senderTransports({ accounts, mapType }: Settings): RenderedFile | undefined {
  if (accounts.length === 0) return undefined;
  const rows = accounts.map(
    ({ sender, relayHost }, index) =>
      [sender, `${transportName(index)}:${nexthop(relayHost)}`] as const,
  );
  const head = "Senders with an account of their own: the service and the provider's server.";
  return { ...configFile('sender_transport', tableText(head, rows)), index: mapType };
}

/**
 * A delivery service for each account. A service of its own gives it its own TLS level, port and
 * mechanisms, and keeps its sessions apart: no account's mail can go out under another's login.
 */
export const accountServices = ({
  accounts,
  mapType,
  certificates,
}: Settings): readonly Service[] =>
  accounts.map((account, index) => ({
    name: transportName(index),
    type: 'unix',
    private: true,
    unprivileged: true,
    command: 'smtp',
    options: accountOptions(
      account,
      certificates,
      transportName(index),
      tableReference(mapType, 'sasl_passwd'),
    ),
  }));

const accountOptions = (
  { relayHost }: Account,
  certificates: readonly Certificates[],
  name: string,
  passwordTable: string,
) => [
  ['syslog_name', `postfix/${name}`] as const,
  ...tlsParameters({ kind: 'relay', ...relayHost }, certificates),
  ...loginParameters(relayHost, passwordTable),
  ['smtp_sender_dependent_authentication', relayHost.login === undefined ? 'no' : 'yes'] as const,
];
