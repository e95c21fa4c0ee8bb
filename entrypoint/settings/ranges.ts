import ipaddr from 'ipaddr.js';

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

const parse = (range: string): Range => ipaddr.parseCIDR(range);

/** Whether every address of the inner range is in the outer one. */
export function covers(outer: string, inner: string): boolean {
  const [outerBase, outerPrefix] = parse(outer);
  const [innerBase, innerPrefix] = parse(inner);
  return (
    outerBase.kind() === innerBase.kind() &&
    outerPrefix <= innerPrefix &&
    innerBase.match(outerBase, outerPrefix)
  );
}

/** The range of one address alone: `192.0.2.1` -> `192.0.2.1/32`. */
export const hostRange = (address: string): string =>
  `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;

/** Another range that the one at this place lies in; of two equal ones the first counts. */
export function outerRange(ranges: readonly string[], index: number): string | undefined {
  const inner = ranges[index];
  if (inner === undefined) return undefined;
  return ranges.find(
    (outer, at) => covers(outer, inner) && (outer === inner ? at < index : at !== index),
  );
}

/** Address space that is nobody's on the Internet (RFC 1918, RFC 6598, RFC 3927, RFC 4193, ...). */
const NOT_PUBLIC = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

/** The most that counts as one's own: a /8 of IPv4, a /16 of IPv6. */
const LARGEST = { ipv4: 8, ipv6: 16 } as const;

/**
 * How much public address space the ranges admit together, 1 being the most that somebody could
 * own. A range within another counts once.
 */
export function publicReach(ranges: readonly string[]): number {
  return ranges
    .filter((range) => !NOT_PUBLIC.some((space) => covers(space, range)))
    .filter((_, index, all) => outerRange(all, index) === undefined)
    .reduce((reach, range) => {
      const [base, prefix] = parse(range);
      return reach + 2 ** (LARGEST[base.kind()] - prefix);
    }, 0);
}
