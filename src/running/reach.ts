/** A published port is useless if the settings let no client from there send. */
import type { Settings } from '../../entrypoint/settings/settings.ts';
import type { Publication } from './relay-run.ts';

const isLoopback = (address: string): boolean => /^(127\.|::1(\/|$)|\[::1\]$)/.test(address);

/**
 * @param settings as the host reads them: the container's own networks are not among the ranges
 * @returns a line for the user; undefined if a client behind the port may send
 */
export function unheardLines(
  publications: readonly Publication[],
  { clients }: Pick<Settings, 'clients'>,
): readonly string[] {
  const admitsOthers = clients.ranges.some((range) => !isLoopback(range));
  if (publications.length === 0 || clients.trustsGateway || admitsOthers) return [];
  const isForLan = publications.some(
    ({ address }) => address === undefined || !isLoopback(address),
  );
  return [
    isForLan
      ? 'no machine of the LAN may send, though a port is published: networks in relay.yaml names no range of it; with one it would be, for instance, networks: [attached, 192.168.1.0/24]'
      : "no program of this machine may send, though a port is published: it comes as the gateway of the container's network; trust_gateway: yes in relay.yaml would let it",
  ];
}
