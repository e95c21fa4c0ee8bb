import { type Option, type Service, unix } from '../postfix/cf-syntax.ts';
import { ON_REQUEST } from '../postfix/mechanisms.ts';
import type { Certificates, RelayHost, Route, Settings } from '../settings/settings.ts';
import type { TlsLevel } from '../settings/table.ts';
import { certificateReference } from './certificates.ts';
import { statusFilter } from './relay-status.ts';
import { senderOptions } from './send-as.ts';

/** The security level of smtp_tls_security_level (TLS_README, "Client TLS security levels"). */
function securityLevel(tls: TlsLevel, kind: Route['kind']): string {
  switch (tls) {
    case 'none':
      return 'none';
    case 'opportunistic':
      return 'may';
    case 'encrypt':
      return 'encrypt';
    // "verify" in Postfix's own words trusts the name that DNS gave; "secure" wants the name that
    // the user wrote, which is what people expect of the word.
    case 'verify':
      return 'secure';
    // "dane" without a TLSA record allows an unencrypted connection. That is good enough for
    // strangers' MX hosts, but not for the configured provider.
    case 'dane':
      return kind === 'relay' ? 'dane-only' : 'dane';
  }
}

/** The settings that decide how a connection is protected. */
export type Protection =
  | ({ readonly kind: 'relay' } & Pick<RelayHost, 'tls' | 'implicitTls' | 'mx' | 'caFile'>)
  | Extract<Route, { kind: 'direct' }>;

const certificateMatch = (mx: boolean): string => (mx ? 'nexthop, dot-nexthop' : 'nexthop');

/** How the smtp client protects its connection. */
export function tlsParameters(
  route: Protection,
  certificates: readonly Certificates[],
): readonly Option[] {
  const dane: readonly Option[] =
    route.tls === 'dane'
      ? [
          ['smtp_dns_support_level', 'dnssec'],
          ['smtp_host_lookup', 'dns'],
        ]
      : // Relay hosts are looked up as usual: /etc/hosts, then DNS. With "dns, native" Postfix would
        // use /etc/hosts only after DNS has answered that the name does not exist.
        [['smtp_host_lookup', route.kind === 'relay' ? 'native' : 'dns, native']];
  const relay: readonly Option[] =
    route.kind === 'relay'
      ? [
          ['smtp_tls_wrappermode', route.implicitTls ? 'yes' : 'no'],
          ['smtp_tls_secure_cert_match', certificateMatch(route.mx)],
          // Providers with several names on one address choose the certificate by SNI, which
          // Postfix does not send by default. Only with "verify" the host is certainly a name.
          ['smtp_tls_servername', route.tls === 'verify' ? 'hostname' : ''],
        ]
      : [];
  return [
    ['smtp_tls_security_level', securityLevel(route.tls, route.kind)],
    statusFilter(route.kind),
    ...relay,
    ['smtp_tls_CAfile', certificateReference(certificates, route.caFile)],
    ...dane,
  ];
}

/**
 * The mechanisms that the smtp client may use. Settings with a token allow only the mechanisms for
 * tokens. Otherwise Postfix might send the token as a password if the server offers both. GSSAPI
 * and NTLM need more than a user name and a password, but Cyrus SASL would prefer them as stronger.
 * So they are used only if the settings name them.
 */
const mechanismFilter = (mechanisms: readonly string[]): string =>
  mechanisms.length === 0
    ? [...ON_REQUEST.map((one) => `!${one.toLowerCase()}`), 'static:all'].join(', ')
    : mechanisms.join(', ');

/** How the smtp client logs in. */
export function loginParameters(
  relayHost: Pick<RelayHost, 'login' | 'mechanisms'>,
  passwordTable: string,
): readonly Option[] {
  if (relayHost.login === undefined) return [['smtp_sasl_auth_enable', 'no']];
  return [
    ['smtp_sasl_auth_enable', 'yes'],
    ['smtp_sasl_password_maps', passwordTable],
    // Plaintext mechanisms are forbidden without TLS.
    ['smtp_sasl_security_options', 'noanonymous, noplaintext'],
    ['smtp_sasl_tls_security_options', 'noanonymous'],
    ['smtp_sasl_mechanism_filter', mechanismFilter(relayHost.mechanisms)],
  ];
}

/**
 * A delivery service for the mail of one account, with its own TLS level, port and mechanisms. It
 * also keeps the sessions separate, so that no mail leaves under the login of another account.
 * @param passwordTable the reference of the table that has the login
 * @param bySender whether the key in that table is the sender; otherwise it is the server
 */
export const accountService = (
  name: string,
  relayHost: Omit<RelayHost, 'host' | 'port' | 'connections'>,
  passwordTable: string,
  settings: Settings,
  bySender = true,
): Service =>
  unix(name, 'smtp', {
    options: [
      ['syslog_name', `postfix/${name}`],
      ...tlsParameters({ kind: 'relay', ...relayHost }, settings.certificates),
      ...loginParameters(relayHost, passwordTable),
      [
        'smtp_sender_dependent_authentication',
        relayHost.login !== undefined && bySender ? 'yes' : 'no',
      ],
      ...senderOptions(settings, relayHost.sendAs),
    ],
  });

/**
 * How many connections a service makes at most to its server. All of them at once: Postfix would
 * begin with five, and a burst would wait while it feels its way.
 */
export const concurrency = (
  service: string,
  { connections }: Pick<RelayHost, 'connections'>,
): readonly Option[] => [
  [`${service}_destination_concurrency_limit`, String(connections)],
  [`${service}_initial_destination_concurrency`, String(connections)],
];
