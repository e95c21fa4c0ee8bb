import { readFileSync } from 'node:fs';
import { idOf } from './spool.ts';

/**
 * New files in there belong to another user, and the container may not change their owner.
 * @param user a name in /etc/passwd; undefined: root
 * @param group a name in /etc/group
 */
export function madeAs<T>(user: string | undefined, group: string, act: () => T): T {
  const uid = user === undefined ? 0 : idOf(readFileSync('/etc/passwd', 'utf8'), user);
  process.setegid?.(idOf(readFileSync('/etc/group', 'utf8'), group));
  if (uid !== 0) process.seteuid?.(uid);
  try {
    return act();
  } finally {
    if (uid !== 0) process.seteuid?.(0);
    process.setegid?.(0);
  }
}
