import ipaddr from 'ipaddr.js';
import { isLikeName, isLikeNetwork, isNearMiss } from '../../messages/may-be-shown.ts';
import { isModest } from '../ranges.ts';
import { Invalid, notA, validator } from './invalid.ts';

/**
 * Who may send: `attached`, `host`, or a range of addresses in CIDR form (`192.168.1.0/28`); and with
 * "!" in front a range that may not.
 */
export type Network =
  | { readonly kind: 'attached' }
  | { readonly kind: 'host' }
  | { readonly kind: 'range'; readonly cidr: string }
  | { readonly kind: 'excluded'; readonly cidr: string };

const EXAMPLE =
  'use attached, host, an address such as 192.168.1.10, or a range such as 192.168.1.0/24';

/** An address, one of our words, or the name of a machine: what people try here. */
const isLikeNetworks = (text: string): boolean =>
  isLikeNetwork(text) || isNearMiss(text, ['attached', 'host']) || isLikeName(text);

function parseAddress(text: string, what: string, right: string): ipaddr.IPv4 | ipaddr.IPv6 {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv6.isValid(bare) && !bare.includes('%')) return ipaddr.IPv6.parse(bare);
  throw notA(text, what, right, isLikeNetworks(text));
}

const networkAddress = (address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number) =>
  address.kind() === 'ipv4'
    ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`)
    : ipaddr.IPv6.networkAddressFromCIDR(`${address}/${prefix}`);

/** Refuses what would be an entry, but never match what its writer meant. */
function refuseUnusable(
  text: string,
  address: ipaddr.IPv4 | ipaddr.IPv6,
  prefix: string | undefined,
): void {
  // Postfix knows a client of IPv4 only by its IPv4 address, also on a socket of IPv6.
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    const right = `write it as one of IPv4 (${address.toIPv4Address()})`;
    throw notA(text, 'a network that Postfix meets clients from', right);
  }
  if (prefix === undefined && address.range() === 'unspecified') {
    throw notA(text, 'the address of a machine', 'name the networks of your own machines');
  }
  // Hardly any machine has such an address; a /32 says that one has.
  if (prefix === undefined && address.toByteArray().at(-1) === 0) {
    const [length, longest] = address.kind() === 'ipv4' ? [24, 32] : [64, 128];
    const right = `write ${address}/${length}, or ${address}/${longest} if it is one machine`;
    throw new Invalid(`"${text}" is a network without the length of its prefix`, right);
  }
}

/**
 * The network that was most likely meant: the one that was typed, or where that has addresses of half
 * the Internet, the widest that begins with the address and has not.
 */
function narrower(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  network: ipaddr.IPv4 | ipaddr.IPv6,
  typed: number,
): string | undefined {
  if (isModest(`${network}/${typed}`)) return `${network}/${typed}`;
  const longest = address.kind() === 'ipv4' ? 30 : 126;
  for (let prefix = typed + 1; prefix <= longest; prefix += 1) {
    const isWhole = networkAddress(address, prefix).toString() === address.toString();
    if (isWhole && isModest(`${address}/${prefix}`)) return `${address}/${prefix}`;
  }
  return undefined;
}

/**
 * Reads one range. Bits behind the prefix are refused: Postfix answers 451 to every client when it
 * meets such an entry (mynetworks in postconf(5)).
 */
export function parseRange(text: string): string {
  const [base = '', prefixText, ...rest] = text.split('/');
  const address = parseAddress(base, 'an address or a network', EXAMPLE);
  refuseUnusable(text, address, prefixText);
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  if (prefixText === undefined) return `${address}/${longest}`;
  const prefix = /^(0|[1-9]\d{0,2})$/.test(prefixText) ? Number(prefixText) : Number.NaN;
  if (rest.length > 0 || !(prefix <= longest)) {
    throw notA(
      text,
      'a network',
      `use a prefix length from 1 to ${longest}, as in ${base}/${longest}`,
    );
  }
  if (prefix === 0) {
    throw new Invalid(
      `"${text}" would let everyone send: an open relay`,
      'name the networks that your own machines are on',
    );
  }
  const network = networkAddress(address, prefix);
  if (network.toString() !== address.toString()) {
    const range = narrower(address, network, prefix);
    const machine = `${address} for that one machine`;
    throw new Invalid(
      `"${text}" is an address inside a network, not a network`,
      range === undefined ? `use ${machine}` : `use ${range} for the network or ${machine}`,
    );
  }
  return `${address}/${prefix}`;
}

/** One entry of `networks`. */
export const network = validator<Network>((text) => {
  const word = text.toLowerCase();
  if (word === 'attached' || word === 'host') return { kind: word };
  if (word === '!attached' || word === '!host') {
    throw notA(text, 'a network', 'leave it out, or write "!" before an address or a range');
  }
  if (text.startsWith('!')) return { kind: 'excluded', cidr: parseRange(text.slice(1)) };
  return { kind: 'range', cidr: parseRange(text) };
});

/** An address or a range, in CIDR form. */
export const range = validator<string>(parseRange);

/** Kinds of addresses (in the words of ipaddr.js) that no NAT has on its outside. */
const NO_OUTSIDE: readonly string[] = ['unspecified', 'loopback', 'multicast', 'broadcast'];

/** A single address, such as the outside address of a NAT. */
export const ipAddress = validator<string>((text) => {
  if (text.includes('/')) throw notA(text, 'an address', 'leave out the prefix length');
  const address = parseAddress(text, 'an address', 'use one such as 192.0.2.1');
  if (NO_OUTSIDE.includes(address.range())) {
    throw notA(text, 'an address that others know this relay by', 'use one such as 192.0.2.1');
  }
  return address.toString();
});
