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
    .filter((range, index, all) => {
      const outer = all.findIndex((other) => covers(other, range));
      return outer === index || !covers(all[outer] ?? range, range);
    })
    .reduce((reach, range) => {
      const [base, prefix] = parse(range);
      return reach + 2 ** (LARGEST[base.kind()] - prefix);
    }, 0);
}
