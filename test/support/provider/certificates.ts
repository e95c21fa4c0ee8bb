import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateKind } from './options.ts';

/** A key and its certificate, both in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** OpenSSL's form of a date for `-not_before` and `-not_after` (openssl-req(1), 3.4 and later). */
function asn1Time(daysFromNow: number, now: Date): string {
  const date = new Date(now.getTime() + daysFromNow * 86_400_000);
  return `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

/** From when to when those certificates are valid whose fault that is, in days from now. */
const PERIODS: Readonly<Partial<Record<CertificateKind, readonly [number, number]>>> = {
  expired: [-30, -1],
  'not-yet-valid': [2, 30],
};

const STRONG = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** As twenty years ago. */
const WEAK = ['-newkey', 'rsa:1024', '-sha1'];

/**
 * The openssl arguments that issue a server certificate.
 *
 * @param authority folder with ca.pem and ca.key; not used for a self-signed one
 */
function issueArguments(
  kind: CertificateKind,
  names: readonly string[],
  authority: string,
  now: Date,
): string[] {
  const shown = kind === 'wrong-name' ? ['somebody-else.example'] : names;
  const [from, to] = PERIODS[kind] ?? [-1, 30];
  const signer =
    kind === 'self-signed'
      ? []
      : ['-CA', join(authority, 'ca.pem'), '-CAkey', join(authority, 'ca.key')];
  return [
    ...['req', '-x509', '-nodes', ...(kind === 'weak' ? WEAK : STRONG)],
    ...['-subj', `/CN=${shown[0]}`],
    ...['-addext', `subjectAltName=${shown.map((name) => `DNS:${name}`).join(',')}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-addext', 'extendedKeyUsage=serverAuth'],
    ...['-not_before', asn1Time(from, now), '-not_after', asn1Time(to, now)],
    ...signer,
  ];
}

/** Issues a certificate for these names, signed by the authority in that folder. */
export function issueCertificate(
  kind: CertificateKind,
  names: readonly string[],
  authority: string,
): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const issue = issueArguments(kind, names, authority, new Date());
  execFileSync('openssl', [...issue, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
