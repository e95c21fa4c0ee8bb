import ipaddr from 'ipaddr.js';

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

const parse = (range: string): Range =>
  range.includes(':') ? ipaddr.IPv6.parseCIDR(range) : ipaddr.IPv4.parseCIDR(range);

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

/** The range of one address: `192.0.2.1` -> `192.0.2.1/32`. */
export const hostRange = (address: string): string =>
  `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;

/** The network of this size that an address is in, in one spelling: what ranges are found by. */
const keyOf = (base: Range[0], prefix: number): string => {
  const bits = base.toByteArray().map((byte) => byte.toString(2).padStart(8, '0'));
  return `${base.kind()} ${bits.join('').slice(0, prefix)}`;
};

/**
 * Finds the first of some ranges that a range lies in, without trying each.
 * @returns the index of that range; with `except`, never that one
 */
export function rangeFinder(
  ranges: readonly string[],
): (range: string, except?: number) => number | undefined {
  const first = new Map<string, number>();
  const sizes = new Set<number>();
  for (const [at, [base, prefix]] of ranges.map(parse).entries()) {
    const key = keyOf(base, prefix);
    sizes.add(prefix);
    if (!first.has(key)) first.set(key, at);
  }
  const widestFirst = [...sizes].sort((a, b) => a - b);
  return (range, except) => {
    const [base, prefix] = parse(range);
    return widestFirst
      .filter((size) => size <= prefix)
      .map((size) => first.get(keyOf(base, size)))
      .find((at) => at !== undefined && at !== except);
  };
}

/** For each range another one that it lies in, if there is; of two equal ones the first counts. */
export function outerRanges(ranges: readonly string[]): readonly (string | undefined)[] {
  const outerOf = rangeFinder(ranges);
  return ranges.map((range, index) => ranges[outerOf(range, index) ?? -1]);
}

/** Address space that is not used on the Internet (RFC 1918, RFC 6598, RFC 3927, RFC 4193, ...). */
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

const spaceOf = rangeFinder(NOT_PUBLIC);

/** The most that counts as one's own: a /16 of IPv4, a /32 of IPv6, which is what a provider has. */
const LARGEST = { ipv4: 16, ipv6: 32 } as const;

/**
 * The public address space that the ranges admit together; 1 is the largest that one owner can
 * have. A range within another counts once.
 */
export function publicReach(ranges: readonly string[]): number {
  const open = ranges.filter((range) => spaceOf(range) === undefined);
  const outer = outerRanges(open);
  return open
    .filter((_, index) => outer[index] === undefined)
    .reduce((reach, range) => {
      const [base, prefix] = parse(range);
      return reach + 2 ** (LARGEST[base.kind()] - prefix);
    }, 0);
}

/** Whether a range is private or reserved, or no wider than the public range of an office. */
export function isModest(range: string): boolean {
  const [base, prefix] = parse(range);
  return spaceOf(range) !== undefined || prefix >= (base.kind() === 'ipv4' ? 24 : 48);
}
