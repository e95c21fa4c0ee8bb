import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { isSystemError } from '../cli/errors.ts';

/** Which addresses may be used (inet_protocols in postconf(5)). */
export type Family = 4 | 6;

/** Why a name has no answer: it does not exist, no server answers, or the DNS server gives an error. */
export type LookupFault = 'unknown' | 'no answer' | 'error';

export type Lookup<T> = { readonly found: T } | { readonly fault: LookupFault };

/**
 * A DNS server that is away is given up on after three times so long: the second try is longer. One
 * that has to ask others first, after a restart, needs two or three seconds.
 */
const PATIENCE_MS = 1_300;

/** Asks the DNS servers of this container, with an end to waiting. */
export const newResolver = (): Resolver => new Resolver({ timeout: PATIENCE_MS, tries: 2 });

/** NXDOMAIN, and a name that has records of other kinds only (dns in the Node.js API). */
const UNKNOWN = ['ENOTFOUND', 'ENODATA'];

/** SERVFAIL, REFUSED and their like (RFC 1035 section 4.1.1). */
const ERRORS = ['ESERVFAIL', 'EREFUSED', 'ENOTIMP', 'EFORMERR'];

/** Why the DNS gave nothing, by the error of Node's resolver. */
export function faultOf(fault: unknown): LookupFault {
  const code = isSystemError(fault) ? (fault.code ?? '') : '';
  if (UNKNOWN.includes(code)) return 'unknown';
  return ERRORS.includes(code) ? 'error' : 'no answer';
}

/** Awaits one question to a resolver. */
export const answerOf = <T>(question: Promise<T>): Promise<Lookup<T>> =>
  question.then(
    (found) => ({ found }),
    (fault: unknown) => ({ fault: faultOf(fault) }),
  );

/** How names are found, as Postfix finds them. */
export interface Names {
  readonly resolver: Resolver;
  /** The text of /etc/hosts; undefined where only the DNS counts (smtp_host_lookup = dns). */
  readonly hosts: string | undefined;
}

/** The addresses that /etc/hosts gives a name (hosts(5)). */
export const addressesInHosts = (hosts: string, name: string): readonly string[] =>
  hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.some((one) => one.toLowerCase() === name.toLowerCase()))
    .flatMap(([address]) => address ?? []);

/**
 * The addresses of a host. /etc/hosts comes first, as in nsswitch.conf(5), and then the DNS is not
 * asked: getaddrinfo(3) itself would wait 10 s for a server that is away.
 */
export async function addressesOf(
  host: string,
  families: readonly Family[],
  { resolver, hosts = '' }: Names,
): Promise<Lookup<readonly string[]>> {
  const isOfUse = (address: string) => families.some((family) => family === isIP(address));
  if (isIP(host) !== 0) return { found: [host] };
  const known = addressesInHosts(hosts, host).filter(isOfUse);
  if (known.length > 0) return { found: known };
  const answers = await Promise.all(
    families.map((family) =>
      answerOf(family === 4 ? resolver.resolve4(host) : resolver.resolve6(host)),
    ),
  );
  const found = answers.flatMap((answer) => ('found' in answer ? answer.found : []));
  if (found.length > 0) return { found };
  const faults = answers.flatMap((answer) => ('fault' in answer ? [answer.fault] : []));
  return { fault: faults.find((fault) => fault !== 'unknown') ?? 'unknown' };
}

/** The hosts that take a domain's mail, the preferred one first; the domain itself without MX. */
export async function mailHostsOf(
  domain: string,
  resolver: Resolver,
): Promise<Lookup<readonly string[]>> {
  const answer = await answerOf(resolver.resolveMx(domain));
  if ('found' in answer) {
    const sorted = answer.found.sort((a, b) => a.priority - b.priority);
    // An empty name says that the domain takes no mail (RFC 7505).
    return { found: sorted.map(({ exchange }) => exchange).filter((name) => name !== '') };
  }
  // No MX record is no error: the domain's own address takes its mail (RFC 5321 section 5.1).
  return answer.fault === 'unknown' ? { found: [domain] } : answer;
}

/** Numbers of record types (RFC 1035 section 3.2.2, RFC 3596, RFC 6698). */
const TYPES = { A: 1, MX: 15, AAAA: 28, TLSA: 52 } as const;

export type RecordType = keyof typeof TYPES;

/** The flags of a DNS message (RFC 1035 section 4.1.1, RFC 4035 section 3.2.3). */
const RECURSION_DESIRED = 0x0100;
const AUTHENTIC = 0x0020;

/**
 * Whether the DNS server has checked the signatures of an answer (DNSSEC; the AD bit, which Node.js's
 * resolver does not hand out). An answer that never comes counts as unsigned.
 */
export async function isSigned(
  name: string,
  type: RecordType,
  resolver: Resolver,
): Promise<boolean> {
  for (const server of resolver.getServers()) {
    const flags = await flagsOfAnswer(questionFor(name, TYPES[type]), server);
    if (flags !== undefined) return (flags & AUTHENTIC) !== 0;
  }
  return false;
}

function questionFor(name: string, type: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(Math.floor(Math.random() * 0x10000), 0);
  header.writeUInt16BE(RECURSION_DESIRED | AUTHENTIC, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(1, 10);
  const labels = name.split('.').map((label) => Buffer.from(label, 'latin1'));
  const qname = labels.flatMap((label) => [Buffer.from([label.length]), label]);
  // EDNS(0) with room for 1232 bytes, and the DO bit (RFC 6891 section 6.1.2, RFC 3225).
  const options = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0]);
  return Buffer.concat([header, ...qname, Buffer.from([0, 0, type, 0, 1]), options]);
}

/** @param server `192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:5353` (dns.getServers) */
async function flagsOfAnswer(question: Buffer, server: string): Promise<number | undefined> {
  const { address = server, port = '53' } = isIPv6(server)
    ? {}
    : (/^\[?(?<address>[^\]]+?)\]?(?::(?<port>\d+))?$/.exec(server)?.groups ?? {});
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const answer = new Promise<number | undefined>((resolve) => {
    const timer = setTimeout(resolve, 2 * PATIENCE_MS, undefined);
    socket.on('error', () => resolve(undefined));
    socket.on('message', (message) => {
      if (message.length < 12 || message.readUInt16BE(0) !== question.readUInt16BE(0)) return;
      clearTimeout(timer);
      resolve(message.readUInt16BE(2));
    });
  });
  try {
    socket.send(question, Number(port), address);
    return await answer;
  } finally {
    socket.close();
  }
}
