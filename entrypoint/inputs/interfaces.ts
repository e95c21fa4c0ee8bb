import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { InterfaceAddress } from '../settings/facts.ts';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const HOSTS = '/etc/hosts';

/** The container's own addresses, loopback left out. */
export const interfaceAddresses = (): readonly InterfaceAddress[] =>
  addressesOf(networkInterfaces(), readHosts());

/** The text of /etc/hosts; empty where there is no such file. */
export const readHosts = (): string => (existsSync(HOSTS) ? readFileSync(HOSTS, 'utf8') : '');

/**
 * Docker writes the container's addresses into /etc/hosts, except those on swarm's ingress and
 * docker_gwbridge, which carry outside traffic ("internal networks" in libnetwork's endpoint.go).
 * So an interface whose address is missing there, while another one is present, is on one of these
 * two. A file without any of our addresses is not Docker's and proves nothing.
 * @param hosts the text of /etc/hosts
 */
export function addressesOf(interfaces: Interfaces, hosts: string): readonly InterfaceAddress[] {
  const named = new Set(hosts.split('\n').map(addressOfLine));
  const all = Object.entries(interfaces).map(([name, infos = []]) => ({
    name,
    infos: infos.filter(({ internal }) => !internal),
  }));
  const isNamed = ({ infos }: (typeof all)[number]): boolean =>
    infos.some(({ address }) => named.has(address));
  const isDockers = all.some(isNamed);
  return all.flatMap((one) =>
    one.infos
      .map(({ address, cidr }) => ({ address, prefix: Number(cidr?.split('/')[1]) }))
      .filter(({ prefix }) => Number.isInteger(prefix))
      .map((address) =>
        isDockers && CONTAINERS_OWN.test(one.name) && !isNamed(one)
          ? { ...address, isIngress: true }
          : address,
      ),
  );
}

/** As Docker calls interfaces in a container; on the host's own network there are others. */
const CONTAINERS_OWN = /^eth\d+$/;

/** The names of the host in /etc/hosts with Docker and Podman; it is a network's gateway. */
const HOST_NAMES = /\s(host|gateway)\.(docker|containers)\.internal(?=\s|$)/;

/** Gateways that /etc/hosts names. @param hosts its text */
export const gatewaysIn = (hosts: string): readonly string[] =>
  hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, ''))
    .filter((line) => HOST_NAMES.test(line))
    .map(addressOfLine)
    .filter((address) => isIP(address) !== 0);

/**
 * The address in a line of hosts(5); Docker writes it in the form of os.networkInterfaces. The
 * first word of any other line matches no address.
 */
const addressOfLine = (line: string): string => line.trim().split(/\s/, 1)[0] ?? '';
