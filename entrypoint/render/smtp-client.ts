import type { Certificates, RelayHost, Route } from '../settings/settings.ts';
import type { TlsLevel } from '../settings/table.ts';
import { certificateReference } from './certificates.ts';
import { statusFilter } from './relay-status.ts';

type SingleParameter = readonly [name: string, value: string];

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
): readonly SingleParameter[] {
  const dane: readonly SingleParameter[] =
    route.tls === 'dane'
      ? [
          ['smtp_dns_support_level', 'dnssec'],
          ['smtp_host_lookup', 'dns'],
        ]
      : [['smtp_host_lookup', 'dns, native']];
  const relay: readonly SingleParameter[] =
    route.kind === 'relay'
      ? [
          ['smtp_tls_wrappermode', route.implicitTls ? 'yes' : 'no'],
          ['smtp_tls_secure_cert_match', certificateMatch(route.mx)],
          statusFilter,
          // Providers with many names on one address choose the certificate by the name asked for;
          // Postfix by itself asks for none. Only here is the host sure to be a name.
          ['smtp_tls_servername', route.tls === 'verify' ? 'hostname' : ''],
        ]
      : [];
  return [
    ['smtp_tls_security_level', securityLevel(route.tls, route.kind)],
    ...relay,
    ['smtp_tls_CAfile', certificateReference(certificates, route.caFile)],
    ...dane,
  ];
}

/** How the smtp client logs in. */
export function loginParameters(
  relayHost: Pick<RelayHost, 'login' | 'mechanisms'>,
  passwordTable: string,
): readonly SingleParameter[] {
  if (relayHost.login === undefined) return [['smtp_sasl_auth_enable', 'no']];
  return [
    ['smtp_sasl_auth_enable', 'yes'],
    ['smtp_sasl_password_maps', passwordTable],
    // In clear nothing that could be overheard, should a connection ever be in clear.
    ['smtp_sasl_security_options', 'noanonymous, noplaintext'],
    ['smtp_sasl_tls_security_options', 'noanonymous'],
    ['smtp_sasl_mechanism_filter', relayHost.mechanisms.join(', ')],
  ];
}

/**
 * How many connections a service makes at most to its server. All of them at once: Postfix would
 * begin with five, and a burst would wait while it feels its way.
 */
export const concurrency = (
  service: string,
  { connections }: Pick<RelayHost, 'connections'>,
): readonly SingleParameter[] => [
  [`${service}_destination_concurrency_limit`, String(connections)],
  [`${service}_initial_destination_concurrency`, String(connections)],
];
