import { createHash, type X509Certificate } from 'node:crypto';
import type { TlsaRecord } from 'node:dns';
import type { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { answerOf, isSigned } from './dns.ts';

/** Why there are no TLSA records that Postfix goes by. */
export type Missing = 'none' | 'unsigned' | 'unusable' | 'no-answer';

/** The TLSA records for a server's certificate. */
export type Tlsa = { readonly records: readonly TlsaRecord[] } | { readonly missing: Missing };

/** The server whose certificate is asked for. */
export interface TlsaQuestion {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  /** The domain whose MX host it is; undefined where the host was named. */
  readonly domain: string | undefined;
}

/**
 * The TLSA records of a server (RFC 7672 section 2.2). All on the way to them has to be signed: the
 * MX records, the host's addresses, and the records themselves.
 */
export async function tlsaOf(
  { host, port, address, domain }: TlsaQuestion,
  resolver: Resolver,
): Promise<Tlsa> {
  const name = `_${port}._tcp.${host}`;
  const [answer, ...signed] = await Promise.all([
    answerOf(resolver.resolveTlsa(name)),
    isSigned(name, 'TLSA', resolver),
    isSigned(host, isIPv6(address) ? 'AAAA' : 'A', resolver),
    domain === undefined || isSigned(domain, 'MX', resolver),
  ]);
  if ('fault' in answer) return { missing: answer.fault === 'unknown' ? 'none' : 'no-answer' };
  if (signed.includes(false)) return { missing: 'unsigned' };
  const usable = answer.found.filter(isUsable);
  return usable.length > 0 ? { records: usable } : { missing: 'unusable' };
}

/** DANE-TA(2) and DANE-EE(3): Postfix goes by no others (RFC 7672 section 3.1.3). */
const TRUST_ANCHOR = 2;
const END_ENTITY = 3;

const LENGTHS: Readonly<Record<number, number>> = { 1: 32, 2: 64 };

const isUsable = ({ certUsage, selector, match, data }: TlsaRecord): boolean =>
  [TRUST_ANCHOR, END_ENTITY].includes(certUsage) &&
  [0, 1].includes(selector) &&
  (match === 0 || LENGTHS[match] === data.byteLength);

/**
 * Whether a server's certificates fit one of its records (RFC 7671 sections 5.1 and 5.2). One that
 * stands for the server itself may be out of date and of any name; below a trust anchor neither.
 * A trust anchor that the server does not send is not found.
 * @param chain the server's own certificate first, then those that signed it
 * @param names any of these will do below a trust anchor
 */
export function fitsTlsa(
  chain: readonly X509Certificate[],
  records: readonly TlsaRecord[],
  names: readonly string[],
  now: Date,
): boolean {
  const [own] = chain;
  if (own === undefined) return false;
  return strongest(records).some((record) => {
    if (record.certUsage === END_ENTITY) return isOf(own, record);
    const anchor = chain.findIndex((one, index) => index > 0 && isOf(one, record));
    return (
      anchor > 0 &&
      names.some((name) => own.checkHost(name) !== undefined) &&
      chain.slice(0, anchor).every((one, index) => isSignedBy(one, chain[index + 1], now))
    );
  });
}

/** Among digests of the same certificate or key, the strongest counts (RFC 7671 section 9). */
const strongest = (records: readonly TlsaRecord[]): readonly TlsaRecord[] =>
  records.filter(
    ({ certUsage, selector, match }) =>
      match !== 1 ||
      !records.some(
        (one) => one.match === 2 && one.certUsage === certUsage && one.selector === selector,
      ),
  );

function isOf(certificate: X509Certificate, { selector, match, data }: TlsaRecord): boolean {
  const content =
    selector === 0
      ? certificate.raw
      : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const expected = Buffer.from(data);
  if (match === 0) return content.equals(expected);
  return createHash(match === 1 ? 'sha256' : 'sha512')
    .update(content)
    .digest()
    .equals(expected);
}

const isSignedBy = (
  certificate: X509Certificate,
  issuer: X509Certificate | undefined,
  now: Date,
): boolean =>
  issuer !== undefined &&
  certificate.checkIssued(issuer) &&
  certificate.verify(issuer.publicKey) &&
  certificate.validFromDate <= now &&
  now <= certificate.validToDate;
