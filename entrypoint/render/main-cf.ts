import type { Settings } from '../settings/settings.ts';
import { type Group, literal, mainCfText, type Parameter } from './cf-syntax.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';
import { loginParameters, tlsParameters } from './smtp-client.ts';

/** The name of each table that exists, so that main.cf never refers to one that does not. */
export type TableNames = ReadonlySet<string>;

const HEAD = `Postfix main configuration, written by hikyaku at every start: changes here are lost.
Settings: docs/settings.md. Parameters: postconf(5).`;

/** The whole main.cf. */
export function mainCf(settings: Settings, tables: TableNames, mapType: string): RenderedFile {
  const reference = (name: string): string =>
    tables.has(name) ? tableReference(mapType, name) : '';
  const groups: readonly Group[] = [
    image(),
    names(settings),
    localMail(),
    clients(settings),
    destination(settings, reference),
    rewriting(reference),
    overrides(settings),
  ];
  return configFile('main.cf', mainCfText(HEAD, groups));
}

const image = (): Group => ({
  comment: 'The way this image runs: log to the container, tables found outside /etc/postfix.',
  parameters: [
    ['compatibility_level', '3.10'],
    ['maillog_file', '/dev/stdout'],
    ['meta_directory', '/usr/share/hikyaku/postfix'],
    ['biff', 'no'],
  ],
});

const names = ({ myhostname, myorigin }: Settings): Group => ({
  comment: 'How this relay calls itself, and the domain of mail from bare user names.',
  parameters: [
    ['myhostname', literal(myhostname)],
    ['myorigin', literal(myorigin)],
  ],
});

const localMail = (): Group => ({
  comment: 'No mail stays here: this machine is the final destination of nothing.',
  parameters: [
    ['mydestination', ''],
    ['relay_domains', ''],
    ['local_transport', 'error:5.1.1 this relay has no mailbox of that name'],
    ['alias_maps', ''],
    ['alias_database', ''],
    ['notify_classes', ''],
    ['recipient_delimiter', '+'],
  ],
});

const withBrackets = (range: string): string =>
  range.includes(':') ? range.replace(/^(.*)\/(\d+)$/, '[$1]/$2') : range;

/**
 * mynetworks takes the first match, so the gateways' exceptions stand first ("!" in postconf(5)).
 * No look-up of client names: nothing here asks for them, and with DNS away (which is when a queue
 * is needed most) each would hold a client up until it gives up.
 */
const clients = ({ clients: { ranges, gateways } }: Settings): Group => ({
  comment: 'Who may send through this relay; everybody else is refused, and told by which setting.',
  parameters: [
    [
      'mynetworks',
      [
        ...gateways.map(
          (gateway) => `!${withBrackets(`${gateway}/${gateway.includes(':') ? 128 : 32}`)}`,
        ),
        ...ranges.map(withBrackets),
      ],
    ],
    [
      'smtpd_relay_restrictions',
      [
        'permit_mynetworks',
        'permit_auth_destination',
        `check_client_access ${tableReference('cidr', 'refused_clients')}`,
        'reject_unauth_destination',
      ],
    ],
    ['local_header_rewrite_clients', 'permit_mynetworks'],
    ['smtpd_peername_lookup', 'no'],
    ['disable_vrfy_command', 'yes'],
    ['smtpd_banner', '$myhostname ESMTP'],
  ],
});

function destination({ route, accounts }: Settings, reference: (name: string) => string): Group {
  const senders: readonly Parameter[] =
    accounts.length === 0
      ? []
      : [['sender_dependent_default_transport_maps', reference('sender_transport')]];
  const login = route.kind === 'relay' ? loginParameters(route, reference('sasl_passwd')) : [];
  return {
    comment:
      route.kind === 'relay'
        ? 'Everything goes through the provider.'
        : "Mail goes straight to the MX hosts of the recipient's domain.",
    parameters: [
      ['relayhost', route.kind === 'relay' ? nexthop(route) : ''],
      ...senders,
      ...tlsParameters(route),
      ['smtp_tls_CApath', '/etc/ssl/certs'],
      ['smtp_tls_mandatory_protocols', '>=TLSv1.2'],
      ['smtp_tls_loglevel', '1'],
      ...login,
    ],
  };
}

const rewriting = (reference: (name: string) => string): Group => ({
  comment: 'Addresses rewritten when mail leaves this machine.',
  parameters: reference('generic') === '' ? [] : [['smtp_generic_maps', reference('generic')]],
});

const overrides = ({ overrides: rows }: Settings): Group => ({
  comment: 'Set by the user (POSTFIX_* or postfix:), as they stand.',
  parameters: rows.map(({ from, to }): Parameter => [from, to]),
});
