import { readFileSync } from 'node:fs';
import { UserError } from '../cli/errors.ts';
import { capabilitiesIn } from './rights.ts';

const FIRST_FREE_PORT = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
/** The number of CAP_NET_BIND_SERVICE (linux/capability.h). */
const NET_BIND_SERVICE = 10n;

/**
 * Docker lets every program open every port, Podman and the host's own network do not; Postfix
 * would end without a word, since it has not opened its log yet.
 * @throws UserError for a port that this process may not open
 */
export function checkPorts(ports: readonly number[]): void {
  const status = readFileSync('/proc/self/status', 'utf8');
  const problem = closedPorts(ports, readFileSync(FIRST_FREE_PORT, 'utf8'), status);
  if (problem !== undefined) throw new UserError(problem);
}

/**
 * The faults of these ports, if any.
 * @param firstFree the content of ip_unprivileged_port_start (ip(7))
 * @param status this process's /proc/PID/status
 */
export function closedPorts(
  ports: readonly number[],
  firstFree: string,
  status: string,
): string | undefined {
  if ((capabilitiesIn(status) >> NET_BIND_SERVICE) & 1n) return undefined;
  const closed = ports.filter((port) => port < Number(firstFree));
  if (closed.length === 0) return undefined;
  return (
    `this container may not listen on port ${closed.join(' or ')}: give it the setting ` +
    '"--sysctl net.ipv4.ip_unprivileged_port_start=0", or the capability NET_BIND_SERVICE ' +
    '(--cap-add; on the network of the host only this helps), or set RELAY_LISTEN to a port ' +
    `from ${Number(firstFree)} on`
  );
}
