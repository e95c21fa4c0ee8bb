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
    // Without a TLSA record "dane" falls back to a connection that may be in clear: good enough
    // for strangers' MX hosts, not for the one provider that was named.
    case 'dane':
      return kind === 'relay' ? 'dane-only' : 'dane';
  }
}

/** What decides how a connection is protected. */
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
      : // A named server is found as any program finds it: /etc/hosts, then DNS. With "dns, native"
        // /etc/hosts would count only after DNS has answered that there is no such name.
        [['smtp_host_lookup', route.kind === 'relay' ? 'native' : 'dns, native']];
  const relay: readonly Option[] =
    route.kind === 'relay'
      ? [
          ['smtp_tls_wrappermode', route.implicitTls ? 'yes' : 'no'],
          ['smtp_tls_secure_cert_match', certificateMatch(route.mx)],
          // Providers with many names on one address choose the certificate by the name asked for;
          // Postfix by itself asks for none. Only here is the host sure to be a name.
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
 * Which mechanisms the smtp client may use. A password is never sent in the place of a token, which
 * Postfix would do where the server offers both; settings with a token allow its mechanisms alone.
 * GSSAPI and NTLM want more than a login and a password; Cyrus SASL would pick them as the stronger
 * ones, so they are for those who name them.
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
    // In clear nothing that could be overheard, should a connection ever be in clear.
    ['smtp_sasl_security_options', 'noanonymous, noplaintext'],
    ['smtp_sasl_tls_security_options', 'noanonymous'],
    ['smtp_sasl_mechanism_filter', mechanismFilter(relayHost.mechanisms)],
  ];
}

/**
 * A delivery service for the mail of one account. A service of its own gives it its own TLS level,
 * port and mechanisms, and keeps its sessions apart: no account's mail can go out under another's
 * login.
 * @param passwordTable the reference of the table that has the login
 * @param bySender whether that table has it under the sender; else under the server
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
