import type { AuthForm, CertificateKind } from './provider/options.ts';

/** How the mock provider is to behave; the defaults are those of provider/options.ts. */
export interface ProviderSettings {
  /** Names in its certificate; the first is in its greeting. */
  readonly names: readonly [string, ...string[]];
  /**
   * Names on the network; default: `names`. The engine's own DNS server answers for these and asks
   * nobody else: a test that watches the queries of a DNS server has to give other aliases and
   * make `names` known there.
   */
  readonly aliases?: readonly [string, ...string[]];
  /**
   * Passwords by user name. Without users the provider accepts mail without a login, as an MX host.
   */
  readonly users?: Readonly<Record<string, string>>;
  /** The addresses that a user may send from: `user@example.com` or `@example.com`. */
  readonly senders?: Readonly<Record<string, readonly string[]>>;
  /** Empty takes AUTH away. */
  readonly mechanisms?: readonly string[];
  readonly authForm?: AuthForm;
  readonly authRequired?: boolean;
  readonly cleartextAuth?: boolean;
  readonly starttls?: boolean;
  readonly certificate?: CertificateKind;
  readonly tlsMin?: string;
  readonly tlsMax?: string;
  /** Bytes. */
  readonly size?: number;
  /** Extensions that EHLO does not announce. */
  readonly hide?: readonly string[];
  /** More connections at once to one port are answered 421. */
  readonly maxConnections?: number;
}

/** The environment of the provider's container. */
export function providerEnvironment(settings: ProviderSettings): Record<string, string> {
  const flag = (value: boolean | undefined) =>
    value === undefined ? undefined : value ? 'yes' : 'no';
  const lines = (table: Readonly<Record<string, string>> | undefined) =>
    table &&
    Object.entries(table)
      .map(([key, value]) => `${key}:${value}`)
      .join('\n');
  const senders = Object.entries(settings.senders ?? {});
  const variables = {
    NAMES: settings.names.join(','),
    USERS: lines(settings.users),
    SENDERS: lines(Object.fromEntries(senders.map(([user, list]) => [user, list.join(',')]))),
    MECHANISMS: settings.mechanisms && (settings.mechanisms.join(',') || 'none'),
    AUTH_FORM: settings.authForm,
    AUTH_REQUIRED: flag(settings.authRequired),
    CLEARTEXT_AUTH: flag(settings.cleartextAuth),
    STARTTLS: flag(settings.starttls),
    CERTIFICATE: settings.certificate,
    TLS_MIN: settings.tlsMin,
    TLS_MAX: settings.tlsMax,
    SIZE: settings.size?.toString(),
    HIDE: settings.hide?.join(','),
    MAX_CONNECTIONS: settings.maxConnections?.toString(),
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [[`PROVIDER_${name}`, value]],
    ),
  );
}
