import type { Socket } from 'node:net';
import { isSystemError } from '../../errors.ts';
import { DeadEnd, type Wrong, wrong } from '../finding.ts';
import type { Server, SettingName } from '../servers.ts';
import { type Family, lookUp, lookUpMailHosts } from './addresses.ts';
import { NoAnswer, openSocket } from './smtp-session.ts';

/** What has to be known of a server to reach it. */
export interface Reachable extends Pick<Server, 'host' | 'port' | 'mx'> {
  /** Where its name comes from: a setting, or somebody's address. */
  readonly origin: string;
}

/** A connection, and the name of the host at its other end. */
export interface Reached {
  readonly socket: Socket;
  readonly host: string;
}

/** Finds a server in the DNS and connects to it. @throws DeadEnd with the finding that says why not */
export async function reach(
  label: string,
  server: Reachable,
  of: SettingName,
  families: readonly Family[],
  deadline: AbortSignal,
): Promise<Reached> {
  const hosts = await resolve(label, server, families);
  try {
    const socket = await openSocket([...hosts.keys()], server.port, deadline);
    return { socket, host: hosts.get(socket.remoteAddress ?? '') ?? server.host };
  } catch (fault) {
    throw new DeadEnd(connectionFault(`${label}, connection`, server, fault, of));
  }
}

/** The names of the hosts by their addresses, the preferred one first. */
async function resolve(
  label: string,
  { host, mx, origin }: Reachable,
  families: readonly Family[],
): Promise<ReadonlyMap<string, string>> {
  const topic = `${label}, DNS`;
  const mailHosts = mx ? await lookUpMailHosts(host) : { hosts: [host] };
  if ('fault' in mailHosts) throw new DeadEnd(resolverFault(topic));
  const lookups = await Promise.all(
    mailHosts.hosts.map(async (name) => ({ name, ...(await lookUp(name, families)) })),
  );
  const hosts = new Map(
    lookups.flatMap((lookup) =>
      'addresses' in lookup ? lookup.addresses.map((address) => [address, lookup.name]) : [],
    ),
  );
  if (hosts.size > 0) return hosts;
  if (lookups.some((lookup) => 'fault' in lookup && lookup.fault === 'no answer')) {
    throw new DeadEnd(resolverFault(topic));
  }
  throw new DeadEnd(
    wrong(
      topic,
      `there is no host of the name ${mailHosts.hosts.join(', ') || host}`,
      `check the spelling of ${origin}`,
    ),
  );
}

/** The DNS server does not answer at all. */
const resolverFault = (topic: string): Wrong =>
  wrong(
    topic,
    'the DNS server that this container asks does not answer',
    "check the host's connection and DNS, and the container's (dns: in compose.yaml)",
  );

/** Why no connection came about, by what the system says (connect(2)). */
export function connectionFault(
  topic: string,
  { host, port }: Pick<Reachable, 'host' | 'port'>,
  fault: unknown,
  of: SettingName,
): Wrong {
  const code = isSystemError(fault) ? fault.code : undefined;
  if (fault instanceof NoAnswer || code === 'ETIMEDOUT') {
    return port === 25
      ? wrong(
          topic,
          `port 25 of ${host} does not answer: most providers of home connections block it outwards`,
          `use the provider's submission server: ${of('host')} with ${of('port')}=587 and a login; ` +
            'or have port 25 opened',
        )
      : wrong(
          topic,
          `port ${port} of ${host} does not answer: the server is away, or a firewall is between`,
          `check ${of('host')} and ${of('port')}, and firewalls between here and there`,
        );
  }
  switch (code) {
    case 'ECONNREFUSED':
      return wrong(
        topic,
        `nothing listens on port ${port} of ${host} (connection refused)`,
        `check ${of('host')} and ${of('port')}: 587 or 465 at most providers`,
      );
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return wrong(
        topic,
        `there is no way from this container to ${host} (network unreachable)`,
        "check the container's network and the host's connection; without IPv6: " +
          'POSTFIX_inet_protocols=ipv4',
      );
    default:
      return wrong(
        topic,
        `no connection to port ${port} of ${host}: ${fault instanceof Error ? fault.message : fault}`,
        `check ${of('host')} and ${of('port')}`,
      );
  }
}
