import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { CertificateTrouble } from '../advice/trouble.ts';
import { fitsTlsa, type Tlsa } from './dane.ts';
import type { CertificateFacts, Fact } from './result.ts';
import type { Server } from './servers.ts';
import { Troubled } from './troubled.ts';

/** The criteria for a certificate. */
export interface Judgement {
  readonly server: Pick<Server, 'tls' | 'host' | 'port' | 'mx' | 'caFile'>;
  /** The name of the host at the other end. */
  readonly host: string;
  /** Asked for at the level `dane` only. */
  readonly tlsa: Tlsa | undefined;
  readonly now: Date;
}

/**
 * Judges the certificate of a connection as Postfix does at the server's level: `verify` by CA, time
 * and name, `dane` by the DNS, the others not at all.
 * @throws Troubled where Postfix goes no further: neither may a password
 */
export function judge(socket: TLSSocket, { server, host, tlsa, now }: Judgement): Fact {
  const own = socket.getPeerX509Certificate();
  if (own === undefined) throw new Troubled({ kind: 'tls-handshake', detail: 'no certificate' });
  const certificate = factsOf(own);
  const good = (vouched: 'ca' | 'tlsa' | 'none'): Fact => ({
    kind: 'encrypted',
    protocol: socket.getProtocol() ?? 'TLS',
    vouched,
    certificate,
  });
  switch (server.tls) {
    case 'verify': {
      const fault = caFault(socket, own, server);
      if (fault !== undefined) throw new Troubled(troubleWith(certificate, fault, server, now));
      return good('ca');
    }
    case 'dane': {
      const name = `_${server.port}._tcp.${host}`;
      if (tlsa === undefined || 'missing' in tlsa) {
        throw new Troubled({ kind: 'tlsa', name, fault: tlsa?.missing ?? 'none' });
      }
      const names = server.mx ? [host, server.host] : [host];
      if (!fitsTlsa(chainOf(own), tlsa.records, names, now)) {
        throw new Troubled({ kind: 'tlsa', name, fault: 'other-certificate' });
      }
      return good('tlsa');
    }
    default:
      return good('none');
  }
}

interface Fault {
  readonly fault: NonNullable<CertificateTrouble['fault']>;
  /** OpenSSL's own name for it. */
  readonly detail?: string;
}

function caFault(
  socket: TLSSocket,
  own: X509Certificate,
  server: Judgement['server'],
): Fault | undefined {
  if (socket.authorized) return isFor(own, server) ? undefined : { fault: 'name' };
  const detail = codeOf(socket.authorizationError);
  return { fault: FAULTS[detail] ?? 'untrusted', detail };
}

const troubleWith = (
  { names, signer, signature, bits, from, until }: CertificateFacts,
  { fault, detail }: Fault,
  { host, caFile }: Judgement['server'],
  now: Date,
): CertificateTrouble => ({
  kind: 'certificate',
  fault,
  names,
  signer,
  host,
  date: day(fault === 'not-yet-valid' ? from : until),
  today: day(now),
  ownCa: caFile !== undefined,
  ...(fault === 'weak'
    ? { detail: bits === undefined ? signature : `${signature}, ${bits} bits` }
    : detail !== undefined && { detail }),
});

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** Node.js calls it an Error, and hands out OpenSSL's code as a text. */
const codeOf = (reason: unknown): string => {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
};

const FAULTS: Readonly<Record<string, Fault['fault']>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete',
  // Node.js has no names for X509_V_ERR_CA_MD_TOO_WEAK, _EE_KEY_TOO_SMALL and _CA_KEY_TOO_SMALL.
  UNSPECIFIED: 'weak',
};

/** With `mx: yes` a name below the domain will do too (dot-nexthop in postconf(5)). */
const isFor = (certificate: X509Certificate, { host, mx }: Pick<Server, 'host' | 'mx'>): boolean =>
  certificate.checkHost(host) !== undefined ||
  (mx && namesIn(certificate).some((name) => name.toLowerCase().endsWith(`.${host}`)));

/** Every name that a certificate is for (RFC 6125: the subject's counts only without others). */
function namesIn({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const names = [...(subjectAltName ?? '').matchAll(/DNS:"?([^,\s"]+)/g)].map(
    ([, name = '']) => name,
  );
  return names.length > 0 ? names : valuesOf(subject, 'CN');
}

/** `C=DE\nO=Some CA`, a part a line (X509Certificate in the Node.js API). */
const valuesOf = (name: string, part: string): readonly string[] =>
  name
    .split('\n')
    .filter((line) => line.startsWith(`${part}=`))
    .map((line) => line.slice(part.length + 1));

const factsOf = (certificate: X509Certificate): CertificateFacts => ({
  names: namesIn(certificate),
  signer:
    valuesOf(certificate.issuer, 'CN')[0] ??
    valuesOf(certificate.issuer, 'O')[0] ??
    'somebody unnamed',
  signature: certificate.signatureAlgorithm ?? 'unknown',
  bits: certificate.publicKey.asymmetricKeyDetails?.modulusLength,
  from: certificate.validFromDate,
  until: certificate.validToDate,
});

/** The server's certificate and those that signed it, as it sent them. */
function chainOf(own: X509Certificate): readonly X509Certificate[] {
  const chain = [own];
  for (let next = own.issuerCertificate; next !== undefined; next = next.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}
