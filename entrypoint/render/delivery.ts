import type { Group, Parameter } from '../postfix/cf-syntax.ts';
import { relayHostsOf, type Settings } from '../settings/settings.ts';
import type { Rate } from '../settings/validators/plain.ts';
import { accountLimits, accountServices } from './accounts.ts';
import { firstServers, stepParameters, stepServices } from './backup-steps.ts';
import { databaseServices } from './database.ts';
import type { Reference } from './file.ts';
import { takeOverParameters } from './relay-status.ts';
import { footersParameter } from './reply-footers.ts';
import { concurrency, loginParameters, tlsParameters } from './smtp-client.ts';

/** The way of mail without an account: through the provider, or straight to MX hosts. */
export function destination(settings: Settings, reference: Reference): Group {
  const { route, certificates } = settings;
  const relay = route.kind === 'relay';
  const login = relay ? loginParameters(route, reference('sasl_passwd')) : [];
  return {
    comment: relay
      ? 'Everything goes through the provider.'
      : "Mail goes straight to the MX hosts of the recipient's domain.",
    parameters: [
      ['relayhost', firstServers(route).join(', ')],
      ...tlsParameters(route, certificates),
      ['smtp_tls_CApath', '/etc/ssl/certs'],
      ['smtp_tls_mandatory_protocols', '>=TLSv1.2'],
      ['smtp_tls_loglevel', '1'],
      ...login,
      ...takeOverParameters(settings),
      ...stepParameters(settings),
      ...(relay ? concurrency('smtp', route) : []),
    ],
  };
}

/** The servers that settings name: relay host, backups, accounts. */
const namedServers = ({ route, accounts }: Settings): readonly string[] => [
  ...new Set([
    ...relayHostsOf(route).map(({ host }) => host),
    ...accounts.map(({ relayHost }) => relayHost.host),
  ]),
];

/**
 * A login costs five round trips or more, so a session is used again: to the servers that are named
 * always, to others when there is enough for them (CONNECTION_CACHE_README). Each service keeps its
 * sessions to itself, and so does each sender where logins go by sender.
 */
export const reuse = (settings: Settings): Group => ({
  comment: 'Sessions are used again for the next message: a login for many, not for each.',
  parameters: [
    ['smtp_tls_connection_reuse', 'yes'],
    ['smtp_connection_cache_destinations', namedServers(settings).join(', ')],
    ['smtp_connection_cache_time_limit', '10s'],
    ['connection_cache_ttl_limit', '10s'],
  ],
});

/** Senders with a provider account of their own. */
export const accountGroup = (settings: Settings, reference: Reference): Group => ({
  comment: 'Accounts: each goes through its own service (master.cf).',
  parameters:
    settings.accounts.length === 0
      ? []
      : [
          ['sender_dependent_default_transport_maps', reference('sender_transport')],
          ...accountLimits(settings),
        ],
});

/**
 * The pace counts whole seconds between two messages of a service, so accounts, which have services
 * of their own, are paced each by itself.
 */
export const pace = (settings: Settings): Group => {
  const { total, client } = settings.rate;
  const delay = total === undefined ? '' : `${Math.ceil(total.seconds / total.messages)}s`;
  const paced: readonly Parameter[] = deliveryServices(settings).map((name) => [
    `${name}_transport_rate_delay`,
    delay,
  ]);
  const limited = (limit: Rate): readonly Parameter[] => [
    ['smtpd_client_message_rate_limit', String(limit.messages)],
    ['anvil_rate_time_unit', `${limit.seconds}s`],
    footersParameter,
  ];
  return {
    comment: 'How much mail goes out, and how much one client may hand in.',
    parameters: [
      ...(total === undefined ? [] : paced),
      ...(client === undefined ? [] : limited(client)),
    ],
  };
};

/** The names of the services that deliver to other machines. */
const deliveryServices = (settings: Settings): readonly string[] => [
  settings.signing === undefined ? 'smtp' : 'signed',
  ...[...stepServices(settings), ...accountServices(settings), ...databaseServices(settings)]
    .filter(({ command }) => command === 'smtp')
    .map(({ name }) => name),
];
