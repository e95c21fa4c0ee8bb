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
  /** Attached networks whose clients may not, since anybody from outside has an address in them. */
  readonly ingress: readonly string[];
  /** What the user left out with "!". */
  readonly excluded: readonly string[];
  /** Whether those who come as a gateway may, that is everybody outside. */
  readonly trustsGateway: boolean;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** The network that an interface is on, and its first address. */
export function networkOf({ address, prefix }: InterfaceAddress): { range: string; first: string } {
  const cidr = `${address}/${prefix}`;
  const kind = ipaddr.parse(address).kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const base = kind.networkAddressFromCIDR(cidr);
  const bytes = base.toByteArray();
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return { range: `${base}/${prefix}`, first: ipaddr.fromByteArray(bytes).toString() };
}

const isLinkLocal = ({ address }: InterfaceAddress): boolean =>
  ipaddr.parse(address).range() === 'linkLocal';

/**
 * The gateways that are known: those of the routing table, and the first address of each network
 * that the interfaces are on, which is where Docker and Podman put theirs. The routing table alone
 * would miss the gateways of all networks but the default one.
 */
export function gatewaysOf(
  interfaces: readonly InterfaceAddress[],
  routeGateways: readonly string[],
): readonly string[] {
  const usable = interfaces.filter((one) => !isLinkLocal(one));
  const own = new Set(usable.map(({ address }) => address));
  const all = [...routeGateways, ...usable.map((one) => networkOf(one).first)]
    .map((address) => ipaddr.parse(address).toString())
    .filter((gateway) => !own.has(gateway));
  return [...new Set(all)];
}

/** Whether an address is in one of the ranges. */
const isWithin = (ranges: readonly string[], address: string): boolean =>
  ranges.some((range) => covers(range, hostRange(address)));

/**
 * Who may send. Every gateway is left out of the ranges, unless it is named itself, and so are the
 * networks that bring clients from outside under addresses of their own.
 */
export function admittedClients(
  networks: readonly Network[],
  trustsGateway: boolean,
  interfaces: readonly InterfaceAddress[],
  routeGateways: readonly string[],
): Clients {
  const usable = interfaces.filter((one) => !isLinkLocal(one));
  const own = new Set(usable.map(({ address }) => address));
  const isTrusted = (one: InterfaceAddress): boolean => trustsGateway || one.isIngress !== true;
  const rangesOf = (network: Network): readonly string[] => {
    switch (network.kind) {
      case 'attached':
        return usable.filter(isTrusted).map((one) => networkOf(one).range);
      case 'host':
        return [...own].map(hostRange);
      case 'range':
        return [network.cidr];
      case 'excluded':
        return [];
    }
  };
  const ranges = networks.flatMap(rangesOf);
  const named = new Set(
    networks.flatMap((network) => (network.kind === 'range' ? [network.cidr] : [])),
  );
  const gateways = gatewaysOf(usable, routeGateways).filter(
    (gateway) => !named.has(hostRange(gateway)),
  );
  const attached = usable.map((one) => networkOf(one).range);
  const outerGateways = gateways.filter(
    (gateway) => isWithin(attached, gateway) && !isWithin(ranges, gateway),
  );
  const isAsked = (range: string): boolean =>
    networks.some(({ kind }) => kind === 'attached') || ranges.some((one) => covers(one, range));
  const ingress = usable
    .filter((one) => !isTrusted(one))
    .map((one) => networkOf(one).range)
    .filter((range) => isAsked(range) && !named.has(range));
  return {
    ranges: [
      ...new Set([...LOOPBACK, ...ranges, ...(trustsGateway ? outerGateways.map(hostRange) : [])]),
    ],
    gateways: trustsGateway ? [] : gateways.filter((gateway) => isWithin(ranges, gateway)),
    outerGateways: trustsGateway ? [] : outerGateways,
    ingress: [...new Set(ingress)],
    excluded: networks.flatMap((network) => (network.kind === 'excluded' ? [network.cidr] : [])),
    trustsGateway,
  };
}
