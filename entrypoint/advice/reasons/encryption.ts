import type { Rule } from './rule.ts';

/** What keeps a connection from being encrypted, or a certificate from being trusted. */
export const ENCRYPTION: readonly Rule[] = [
  {
    trouble: 'certificate',
    pattern:
      /Server certificate not (verified|trusted)|certificate (verification failed|has expired)/i,
    cause: "the server's certificate is not good: expired, of another name, or from an unknown CA",
    remedy: (of) =>
      `see with "hikyaku doctor" which; give the name that is in it as ${of('host')}, or its CA as ` +
      `${of('ca_file')}`,
  },
  {
    trouble: 'no TLS',
    pattern: /TLS is required, but (was not offered|host)/i,
    cause: 'the server offers no encryption here (STARTTLS), or somebody on the way takes it out',
    remedy: (of) =>
      `use the provider's port for it, 587 or 465 (${of('port')}); only if the server really has ` +
      `none and no password is sent, set ${of('tls')} to opportunistic`,
  },
  {
    trouble: 'TLSA',
    pattern: /TLSA|DANE|non DNSSEC/,
    cause: 'the server has no signed fingerprint of its certificate in the DNS (DANE)',
    remedy: (of) => `set ${of('tls')} to verify, or use a resolver that checks DNSSEC`,
  },
  {
    trouble: 'TLS handshake',
    pattern: /Cannot start TLS|TLS handshake/i,
    cause: 'no encrypted connection came about: other versions of TLS, or no TLS on this port',
    remedy: (of) =>
      `with port 465 TLS starts at once, with 587 after STARTTLS: check ${of('port')}; a server that ` +
      'knows nothing newer than TLS 1.1 has to be renewed',
  },
  {
    trouble: 'TLS set-up',
    pattern: /TLS engine is unavailable|client TLS configuration problem/i,
    cause: "Postfix's own encryption does not start",
    remedy: (of) =>
      `check ${of('ca_file')}, a readable file of certificates in PEM form; "hikyaku doctor" says ` +
      'whether Postfix can write to its data directory (/var/lib/postfix)',
  },
];
