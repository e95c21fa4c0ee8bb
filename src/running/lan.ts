import type { NetworkInterfaceInfo } from 'node:os';
import ipaddr from 'ipaddr.js';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Interfaces that are no LAN: those of Docker, virtual machines and tunnels. */
const NO_LAN = /^(docker|br-|veth|virbr|vmnet|lxc|cni|tun|tap|wg|tailscale|utun)/;

/** The LAN of this machine by its interfaces (os.networkInterfaces), as 192.168.1.0/24. */
export function lanOf(interfaces: Interfaces): string | undefined {
  const [lan] = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    NO_LAN.test(name)
      ? []
      : addresses.flatMap(({ cidr, family, internal }) =>
          cidr === null || internal || family !== 'IPv4' || !isPrivate(cidr) ? [] : [cidr],
        ),
  );
  if (lan === undefined) return undefined;
  const [, prefix] = lan.split('/');
  return `${ipaddr.IPv4.networkAddressFromCIDR(lan).toString()}/${prefix}`;
}

const isPrivate = (cidr: string): boolean =>
  ipaddr.IPv4.parse(cidr.replace(/\/.*/, '')).range() === 'private';
