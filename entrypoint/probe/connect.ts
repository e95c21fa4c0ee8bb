import { isIPv6, type Socket } from 'node:net';
import { isSystemError } from '../cli/errors.ts';
import type { Family } from './addresses.ts';
import { DeadEnd, type Wrong, wrong } from './finding.ts';
import { type Reachable, resolve } from './resolve.ts';
import type { SettingName } from './servers.ts';
import { NoAnswer, openSocket } from './smtp-session.ts';

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
): Promise<Reached> {
  const hosts = await resolve(label, server, of, families);
  try {
    const socket = await openSocket([...hosts.keys()], server.port);
    return { socket, host: hosts.get(socket.remoteAddress ?? '') ?? server.host };
  } catch (fault) {
    throw new DeadEnd(
      connectionFault(`${label}, connection`, server, fault, of, [...hosts.keys()]),
    );
  }
}

/** Why no connection came about, by what the system says (connect(2)). */
export function connectionFault(
  topic: string,
  { host, port }: Pick<Reachable, 'host' | 'port'>,
  fault: unknown,
  of: SettingName,
  addresses: readonly string[] = [],
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
      if (addresses.length > 0 && addresses.every(isIPv6)) {
        return wrong(
          topic,
          `${host} has IPv6 addresses alone, and this container has no way to them`,
          "give the container's network IPv6 (enable_ipv6 in compose.yaml), or ask the provider for " +
            `a server with an IPv4 address (${of('host')})`,
        );
      }
      return wrong(
        topic,
        `there is no way from this container to ${host} (network unreachable)`,
        "check the container's network and the host's connection; without IPv6: " +
          'POSTFIX_inet_protocols=ipv4',
      );
    case 'EACCES':
    case 'EPERM':
      return wrong(
        topic,
        `a firewall of this machine forbids the connection to port ${port} of ${host}`,
        'let this container out to it, in the firewall of the host or of the container engine',
      );
    case 'ECONNRESET':
      return wrong(
        topic,
        `the connection to port ${port} of ${host} is cut off at once`,
        `check ${of('host')} and ${of('port')}, and firewalls between here and there`,
      );
    default:
      return wrong(
        topic,
        `no connection to port ${port} of ${host}: ${fault instanceof Error ? fault.message : fault}`,
        `check ${of('host')} and ${of('port')}`,
      );
  }
}
