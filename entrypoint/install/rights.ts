import { readFileSync } from 'node:fs';
import { UserError } from '../cli/errors.ts';

/** The capabilities that Postfix needs, with their numbers in linux/capability.h. */
const NEEDED = [
  ['DAC_OVERRIDE', 1n],
  ['SETGID', 6n],
  ['SETUID', 7n],
] as const;

/** The effective capabilities, as bits. @param status /proc/PID/status (proc_pid_status(5)) */
export const capabilitiesIn = (status: string): bigint =>
  BigInt(`0x${/^CapEff:\s*(\S+)$/m.exec(status)?.[1] ?? '0'}`);

/**
 * Postfix starts as root and gives each of its programs the user "postfix" (master(8)).
 * @throws UserError when this process may not do that
 */
export function checkRights(): void {
  const problem = missingRights(readFileSync('/proc/self/status', 'utf8'));
  if (problem !== undefined) throw new UserError(problem);
}

/**
 * The missing capabilities of this process, if any.
 * @param status this process's /proc/PID/status
 */
export function missingRights(status: string): string | undefined {
  const [, user] = /^Uid:\s+\d+\s+(\d+)/m.exec(status) ?? [];
  if (user !== '0') {
    return (
      `this container runs as user ${user}: leave out "--user" (in compose "user:"); Postfix ` +
      'starts as root and gives its own programs the user "postfix"'
    );
  }
  const capabilities = capabilitiesIn(status);
  const missing = NEEDED.flatMap(([name, bit]) => ((capabilities >> bit) & 1n ? [] : [name]));
  if (missing.length === 0) return undefined;
  return (
    `this container lacks ${missing.join(', ')}, which Postfix needs: give it ` +
    `${missing.map((name) => `--cap-add ${name}`).join(' ')} (in compose "cap_add:")`
  );
}
