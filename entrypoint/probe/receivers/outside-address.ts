import type { Resolver } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { answerOf } from '../dns.ts';

/** DNS facts about an outside address: its PTR record, and that name's addresses. */
export type Reverse =
  | { readonly kind: 'good'; readonly name: string }
  | { readonly kind: 'none' | 'no-answer' }
  /** The name leads elsewhere. */
  | { readonly kind: 'mismatch'; readonly name: string; readonly addresses: readonly string[] };

export async function reverseOf(address: string, resolver: Resolver): Promise<Reverse> {
  const answer = await answerOf(resolver.reverse(address));
  if ('fault' in answer) return { kind: answer.fault === 'unknown' ? 'none' : 'no-answer' };
  const [name] = answer.found;
  if (name === undefined) return { kind: 'none' };
  const addresses = await forward(name, resolver);
  if (addresses === undefined) return { kind: 'no-answer' };
  return addresses.some((one) => isSame(one, address))
    ? { kind: 'good', name }
    : { kind: 'mismatch', name, addresses };
}

/** All addresses of a name; undefined when the DNS does not say. */
export async function forward(
  name: string,
  resolver: Resolver,
): Promise<readonly string[] | undefined> {
  const answers = await Promise.all([
    answerOf(resolver.resolve4(name)),
    answerOf(resolver.resolve6(name)),
  ]);
  const found = answers.flatMap((answer) => ('found' in answer ? answer.found : []));
  const isSilent = answers.some((answer) => 'fault' in answer && answer.fault !== 'unknown');
  return found.length === 0 && isSilent ? undefined : found;
}

export const isSame = (one: string, other: string): boolean =>
  ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();

/** Whether an address is one of the Internet's, and so may be the one that receivers see. */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.parse(address).range() === 'unicast';

/** A block list's answer for an address. */
export type Listing =
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'listed'; readonly reason: string | undefined }
  /** It does not answer, or not to this DNS server: the big lists turn public ones away. */
  | { readonly kind: 'no-answer' };

/**
 * Asks one list (RFC 5782): the address in reverse, below its zone.
 * @param list `zen.spamhaus.org`
 */
export async function listingOf(
  address: string,
  list: string,
  resolver: Resolver,
): Promise<Listing> {
  const name = `${reversed(address)}.${list}`;
  const answer = await answerOf(resolver.resolve4(name));
  if ('fault' in answer) return { kind: answer.fault === 'unknown' ? 'unlisted' : 'no-answer' };
  const codes = answer.found.filter((code) => code.startsWith('127.'));
  // An answer outside 127.x is the page of a domain seller; 127.255.255.x is an error
  // (Spamhaus's "DNSBL usage": a public DNS server, or too many queries).
  const listed = codes.filter((code) => !code.startsWith('127.255.255.'));
  if (listed.length === 0) return { kind: 'no-answer' };
  const reason = await answerOf(resolver.resolveTxt(name));
  return { kind: 'listed', reason: 'found' in reason ? reason.found[0]?.join('') : undefined };
}

/** 192.0.2.1 -> 1.2.0.192; an IPv6 address by its 32 digits. */
function reversed(address: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = Buffer.from(parsed.toByteArray());
  const parts = parsed.kind() === 'ipv4' ? [...bytes] : [...bytes.toString('hex')];
  return parts.reverse().join('.');
}
