import ipaddr from 'ipaddr.js';
import type { InterfaceAddress } from './facts.ts';
import { covers, hostRange } from './ranges.ts';
import type { Network } from './validators/network.ts';

/** Who may hand in mail, as Postfix's mynetworks has it. */
export interface Clients {
  /** Ranges in CIDR form; loopback is always among them. */
  readonly ranges: readonly string[];
  /** Addresses inside those ranges that may not: the gateways of attached networks. */
  readonly gateways: readonly string[];
  /** Gateways of attached networks that are in no range anyway. */
  readonly outerGateways: readonly string[];
  /** The container's own addresses, loopback left out, where they may not send. */
  readonly own: readonly string[];
  /** Attached networks whose clients may not, since anybody from outside has an address in them. */
  readonly ingress: readonly string[];
  /** The ranges that the user excluded with "!". */
  readonly excluded: readonly string[];
  /** Whether clients with a gateway's address may send, that is every outside client. */
  readonly trustsGateway: boolean;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** The network that an interface is on, and the addresses at its ends. */
export function networkOf({ address, prefix }: InterfaceAddress): {
  range: string;
  first: string;
  last: string;
} {
  const cidr = `${address}/${prefix}`;
  const isIPv4 = ipaddr.parse(address).kind() === 'ipv4';
  const base = (isIPv4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(cidr);
  const first = base.toByteArray();
  const length = first.length * 8;
  const last = first.map((byte, index) => byte | (0xff >> clamp(prefix - index * 8)));
  first[first.length - 1] = (first.at(-1) ?? 0) | 1;
  // The very last address of a network of IPv4 is its broadcast address, if it has one (RFC 3021).
  if (isIPv4 && prefix < length - 1) last[last.length - 1] = (last.at(-1) ?? 0) - 1;
  return {
    range: `${base}/${prefix}`,
    first: ipaddr.fromByteArray(first).toString(),
    last: ipaddr.fromByteArray(last).toString(),
  };
}

const clamp = (bits: number): number => Math.min(8, Math.max(0, bits));

/** One spelling for each address. */
const plain = (address: string): string => ipaddr.parse(address).toString();

const isLinkLocal = ({ address }: InterfaceAddress): boolean =>
  ipaddr.parse(address).range() === 'linkLocal';

/**
 * The gateways that are known: those that were found (routing table, /etc/hosts), and the first and
 * the last address of each network that the interfaces are on: Docker and Podman put theirs at the
 * first, people at the first or the last. The routing table has only the default network's.
 */
export function gatewaysOf(
  interfaces: readonly InterfaceAddress[],
  routeGateways: readonly string[],
): readonly string[] {
  const usable = interfaces.filter((one) => !isLinkLocal(one));
  const own = new Set(usable.map(({ address }) => plain(address)));
  const ends = usable.map(networkOf);
  const all = [...routeGateways, ...ends.map(({ first }) => first), ...ends.map(({ last }) => last)]
    .map(plain)
    .filter((gateway) => !own.has(gateway));
  return [...new Set(all)];
}

/** Whether an address is in one of the ranges. */
const isWithin = (ranges: readonly string[], address: string): boolean =>
  ranges.some((range) => covers(range, hostRange(address)));

/**
 * Who may send. Every gateway is left out of the ranges, unless it is named itself, and so are the
 * networks that bring clients from outside under addresses of their own. The container's own
 * addresses are left out, too: a port forwarder inside its network namespace (rootless Podman's)
 * gives one of them to every client. Programs inside use loopback.
 */
export function admittedClients(
  networks: readonly Network[],
  trustsGateway: boolean,
  interfaces: readonly InterfaceAddress[],
  routeGateways: readonly string[],
): Clients {
  const usable = interfaces.filter((one) => !isLinkLocal(one));
  const isTrusted = (one: InterfaceAddress): boolean => trustsGateway || one.isIngress !== true;
  const rangesOf = (network: Network): readonly string[] => {
    switch (network.kind) {
      case 'attached':
        return usable.filter(isTrusted).map((one) => networkOf(one).range);
      case 'range':
        return [network.cidr];
      case 'host':
      case 'excluded':
        return [];
    }
  };
  const ranges = networks.flatMap(rangesOf);
  const named = new Set(
    networks.flatMap((network) => (network.kind === 'range' ? [network.cidr] : [])),
  );
  const isUnnamed = (address: string): boolean => !named.has(hostRange(address));
  const gateways = gatewaysOf(usable, routeGateways).filter(isUnnamed);
  const mayCount = (one: InterfaceAddress): boolean =>
    !isLinkLocal(one) || isWithin(ranges, one.address);
  const own = [...new Set(interfaces.filter(mayCount).map(({ address }) => plain(address)))].filter(
    isUnnamed,
  );
  const attached = usable.map((one) => networkOf(one).range);
  const outerGateways = gateways.filter(
    (gateway) => isWithin(attached, gateway) && !isWithin(ranges, gateway),
  );
  const outer = [...outerGateways, ...own.filter((address) => !isWithin(ranges, address))];
  const isAsked = (range: string): boolean =>
    networks.some(({ kind }) => kind === 'attached') || ranges.some((one) => covers(one, range));
  const ingress = usable
    .filter((one) => !isTrusted(one))
    .map((one) => networkOf(one).range)
    .filter((range) => isAsked(range) && !named.has(range));
  return {
    ranges: [...new Set([...LOOPBACK, ...ranges, ...(trustsGateway ? outer.map(hostRange) : [])])],
    gateways: trustsGateway ? [] : gateways.filter((gateway) => isWithin(ranges, gateway)),
    outerGateways: trustsGateway ? [] : outerGateways,
    own: trustsGateway ? [] : own,
    ingress: [...new Set(ingress)],
    excluded: networks.flatMap((network) => (network.kind === 'excluded' ? [network.cidr] : [])),
    trustsGateway,
  };
}
