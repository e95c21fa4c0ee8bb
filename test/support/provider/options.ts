import type { SecureVersion } from 'node:tls';

/** The kinds of certificate that the provider can show. */
const CERTIFICATES = [
  'good',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'self-signed',
  'weak',
] as const;
export type CertificateKind = (typeof CERTIFICATES)[number];

/** How EHLO announces the login mechanisms: `AUTH PLAIN`, the old `AUTH=PLAIN`, or both. */
const AUTH_FORMS = ['standard', 'equals', 'both'] as const;
export type AuthForm = (typeof AUTH_FORMS)[number];

/** A port that is listened on. */
export interface Listener {
  readonly port: number;
  /** TLS from the first byte. */
  readonly implicitTls: boolean;
}

/** How this provider behaves; fixed for its life, unlike the faults. */
export interface ProviderOptions {
  /** The first one is in the greeting; the certificate carries all. */
  readonly names: readonly [string, ...string[]];
  readonly listeners: readonly Listener[];
  /** Passwords by user name. */
  readonly users: ReadonlyMap<string, string>;
  /** The addresses that a user may send from, `<>` the null sender; a user who is not here may use any. */
  readonly senders: ReadonlyMap<string, readonly string[]>;
  /** The mechanisms in the reply to EHLO; empty: no AUTH. */
  readonly mechanisms: readonly string[];
  readonly authForm: AuthForm;
  /** Mail without a login is refused. */
  readonly authRequired: boolean;
  /** AUTH is announced and accepted without TLS. */
  readonly cleartextAuth: boolean;
  readonly starttls: boolean;
  readonly certificate: CertificateKind;
  readonly tlsMin: SecureVersion;
  readonly tlsMax: SecureVersion;
  /** Largest message in bytes, announced by EHLO. */
  readonly size: number;
  /** Extensions that EHLO does not announce: PIPELINING, 8BITMIME, SMTPUTF8, DSN, … */
  readonly hide: readonly string[];
  /** Further connections at once to one port get 421; 0: no limit. */
  readonly maxConnections: number;
}

const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/**
 * Reads the PROVIDER_* variables.
 *
 * @param environment usually process.env
 * @throws Error for a value that is not one of the choices
 */
export function readOptions(
  environment: Readonly<Record<string, string | undefined>>,
): ProviderOptions {
  const get = (name: string, otherwise: string) => environment[`PROVIDER_${name}`] ?? otherwise;
  const [name = 'provider.example', ...otherNames] = words(get('NAMES', 'provider.example'));
  const users = new Map(pairs(get('USERS', '')));
  return {
    names: [name, ...otherNames],
    listeners: words(get('LISTEN', '25,587,465/tls')).map(listener),
    users,
    senders: new Map(pairs(get('SENDERS', '')).map(([user, list]) => [user, words(list)])),
    mechanisms: words(get('MECHANISMS', 'PLAIN,LOGIN,CRAM-MD5,XOAUTH2'))
      .map((mechanism) => mechanism.toUpperCase())
      .filter((mechanism) => mechanism !== 'NONE'),
    authForm: choice('PROVIDER_AUTH_FORM', get('AUTH_FORM', 'standard'), AUTH_FORMS),
    authRequired: flag('PROVIDER_AUTH_REQUIRED', get('AUTH_REQUIRED', users.size ? 'yes' : 'no')),
    cleartextAuth: flag('PROVIDER_CLEARTEXT_AUTH', get('CLEARTEXT_AUTH', 'no')),
    starttls: flag('PROVIDER_STARTTLS', get('STARTTLS', 'yes')),
    certificate: choice('PROVIDER_CERTIFICATE', get('CERTIFICATE', 'good'), CERTIFICATES),
    tlsMin: choice('PROVIDER_TLS_MIN', get('TLS_MIN', 'TLSv1.2'), TLS_VERSIONS),
    tlsMax: choice('PROVIDER_TLS_MAX', get('TLS_MAX', 'TLSv1.3'), TLS_VERSIONS),
    size: Number(get('SIZE', String(25 * 2 ** 20))),
    hide: words(get('HIDE', '')).map((extension) => extension.toUpperCase()),
    maxConnections: Number(get('MAX_CONNECTIONS', '0')),
  };
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** `name:value` lines; the value may hold any character but a line break. */
function pairs(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    });
}

function listener(text: string): Listener {
  const [port, tls] = text.split('/');
  return { port: Number(port), implicitTls: tls === 'tls' };
}

function flag(name: string, text: string): boolean {
  return choice(name, text, ['yes', 'no']) === 'yes';
}

function choice<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((candidate) => candidate === text);
  if (chosen === undefined) throw new Error(`${name}=${text}: one of ${choices.join(', ')}`);
  return chosen;
}
