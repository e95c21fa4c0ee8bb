import { connect, isIPv6, type Socket } from 'node:net';
import { isSystemError } from '../cli/errors.ts';
import { NoAnswer, PATIENCE_MS } from './smtp-session.ts';
import { Troubled } from './troubled.ts';

/** A connection, and what is at its other end. */
export interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** The name that led there: one of the domain's MX hosts with `mx: yes`. */
  readonly host: string;
  /** Whether both ends are this machine. */
  readonly isLoop: boolean;
}

/**
 * Connects to the first of these hosts that answers.
 * @param hosts their names by their addresses
 * @throws Troubled with what the system says
 */
export async function dial(
  hosts: ReadonlyMap<string, string>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Connection> {
  const addresses = [...hosts.keys()];
  try {
    const socket = await openSocket(addresses, port);
    const address = socket.remoteAddress ?? '';
    const isLoop = address === socket.localAddress;
    return { socket, address, host: hosts.get(address) ?? host, isLoop };
  } catch (fault) {
    const detail = fault instanceof Error ? fault.message : String(fault);
    throw new Troubled({ kind: kindOf(fault, port, addresses), host, port, detail });
  }
}

/** Opens a connection to the first of these addresses that answers. */
export async function openSocket(addresses: readonly string[], port: number): Promise<Socket> {
  const sockets = addresses.map((host) => connect({ host, port }));
  const tooLate = setTimeout(() => {
    for (const socket of sockets) socket.destroy(new NoAnswer());
  }, PATIENCE_MS);
  try {
    const first = await Promise.any(sockets.map(connected));
    for (const socket of sockets) if (socket !== first) socket.destroy();
    return first;
  } catch (fault) {
    const errors: readonly unknown[] = fault instanceof AggregateError ? fault.errors : [fault];
    throw errors.find((error) => error instanceof NoAnswer) ?? errors[0];
  } finally {
    clearTimeout(tooLate);
  }
}

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    // Stays, so that an error of a socket that lost the race is handled.
    socket.on('error', reject);
  });

/** The meaning of the system's errors (connect(2)). */
const KINDS = {
  ETIMEDOUT: 'no-answer',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EACCES: 'firewall',
  EPERM: 'firewall',
  ENETUNREACH: 'no-network',
  EHOSTUNREACH: 'no-network',
  EADDRNOTAVAIL: 'no-network',
} as const;

const isKnown = (code: string): code is keyof typeof KINDS => Object.hasOwn(KINDS, code);

export function kindOf(fault: unknown, port: number, addresses: readonly string[]) {
  const code = fault instanceof NoAnswer ? 'ETIMEDOUT' : isSystemError(fault) ? fault.code : '';
  const kind = code !== undefined && isKnown(code) ? KINDS[code] : 'no-connection';
  // Most providers of home connections block that port outwards.
  if (kind === 'no-answer' && port === 25) return 'port-25';
  return kind === 'no-network' && addresses.every(isIPv6) ? 'no-ipv6' : kind;
}
