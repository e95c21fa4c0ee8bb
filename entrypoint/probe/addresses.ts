import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isSystemError } from '../cli/errors.ts';

/** Which addresses may be used (inet_protocols in postconf(5)). */
export type Family = 4 | 6;

/** Why a name has no address: it does not exist, nobody says, or the DNS server gives an error. */
export type LookupFault = 'unknown' | 'no answer' | 'error';

export type Lookup = { readonly addresses: readonly string[] } | { readonly fault: LookupFault };

/**
 * A DNS server that is away is given up on after three times so long: the second try is longer. One
 * that has to ask others first, after a restart, needs two or three seconds.
 */
const PATIENCE_MS = 1_300;

/** NXDOMAIN, and a name that has records of other kinds alone (dns in the Node.js API). */
const UNKNOWN = ['ENOTFOUND', 'ENODATA'];

/** Asks the DNS servers of this container, with an end to waiting. */
export const newResolver = (): Resolver => new Resolver({ timeout: PATIENCE_MS, tries: 2 });

/** SERVFAIL, REFUSED and their like (RFC 1035 section 4.1.1). */
const ERRORS = ['ESERVFAIL', 'EREFUSED', 'ENOTIMP', 'EFORMERR'];

/** Why the DNS gave nothing, by the error of Node's resolver. */
export function faultOf(fault: unknown): LookupFault {
  const code = isSystemError(fault) ? (fault.code ?? '') : '';
  if (UNKNOWN.includes(code)) return 'unknown';
  return ERRORS.includes(code) ? 'error' : 'no answer';
}

/** The addresses that /etc/hosts gives a name (hosts(5)). */
export const addressesInHosts = (hosts: string, name: string): readonly string[] =>
  hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.some((one) => one.toLowerCase() === name.toLowerCase()))
    .flatMap(([address]) => address ?? []);

/**
 * The addresses of a host, as Postfix finds them: the DNS first, then /etc/hosts (smtp_host_lookup =
 * dns, native).
 */
export async function lookUp(host: string, families: readonly Family[]): Promise<Lookup> {
  if (isIP(host) !== 0) return { addresses: [host] };
  const resolver = newResolver();
  const answers = await Promise.allSettled(
    families.map((family) => (family === 4 ? resolver.resolve4(host) : resolver.resolve6(host))),
  );
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const local = addressesInHosts(readFileSync('/etc/hosts', 'utf8'), host);
  const addresses = found.length > 0 ? found : local;
  if (addresses.length > 0) return { addresses };
  const faults = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [faultOf(answer.reason)] : [],
  );
  return { fault: faults.find((one) => one !== 'unknown') ?? 'unknown' };
}

export type MailHosts = { readonly hosts: readonly string[] } | { readonly fault: LookupFault };

/** The hosts that take a domain's mail, the preferred one first; the domain itself without MX. */
export async function lookUpMailHosts(domain: string): Promise<MailHosts> {
  try {
    const records = await newResolver().resolveMx(domain);
    const sorted = records.sort((a, b) => a.priority - b.priority);
    // An empty name says that the domain takes no mail (RFC 7505).
    return { hosts: sorted.map(({ exchange }) => exchange).filter((name) => name !== '') };
  } catch (fault) {
    const why = faultOf(fault);
    // No MX record is no error: the domain's own address takes its mail (RFC 5321 section 5.1).
    return why === 'unknown' ? { hosts: [domain] } : { fault: why };
  }
}
