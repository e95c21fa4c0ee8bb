import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isSystemError } from '../../cli/errors.ts';

/** The name and the state in /proc/PID/stat: `17 (qmgr) S 1 …` (proc_pid_stat(5)). */
export function nameAndState(stat: string): readonly [name: string, state: string] {
  const [, name = '', state = ''] = /^\d+ \((.*)\) (\w)/s.exec(stat) ?? [];
  return [name, state];
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (fault) {
    // It has ended in the meantime.
    if (isSystemError(fault)) return '';
    throw fault;
  }
}

/** Dead, though master(8) may not have taken note of it. */
const DEAD = ['Z', 'X'];
/** Stopped, or being traced. */
const HELD = ['T', 't'];

/** The process IDs of the queue managers in this container, without those in these states. */
const queueManagers = (without: readonly string[]): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const [name, state] = nameAndState(statOf(pid));
    return name === 'qmgr' && !without.includes(state);
  });

/** Looks several times, and pauses before each time but the first. */
async function within(looks: Looks, isSo: () => boolean): Promise<boolean> {
  for (let look = 0; look < looks.count; look += 1) {
    if (look > 0) await pause(looks.ms);
    if (isSo()) return true;
  }
  return false;
}
interface Looks {
  readonly count: number;
  /** Between two looks. */
  readonly ms: number;
}

/** After a reload it is away for a moment, until master(8) has started it again. */
const UNTIL_STARTED: Looks = { count: 15, ms: 200 };

/**
 * Whether Postfix's queue manager lives: without it mail is taken in, and goes nowhere. It has no
 * answer for strangers, and master(8) holds its socket open while it is dead, so its process is
 * looked for.
 */
export const queueManagerLives = (): Promise<boolean> =>
  within(UNTIL_STARTED, () => queueManagers([...DEAD, ...HELD]).length > 0);

/** Ends at once when master(8) reloads, and late on a machine that has much to do. */
const UNTIL_ENDED: Looks = { count: 400, ms: 25 };

/**
 * Has Postfix reload, and waits until the queue manager with the old settings is gone: what it was
 * asked to do between the signal and its end would be lost with it.
 */
export async function replaceQueueManager(reloadPostfix: () => void): Promise<void> {
  const former = new Set(queueManagers(DEAD));
  reloadPostfix();
  await within(UNTIL_ENDED, () => !queueManagers(DEAD).some((pid) => former.has(pid)));
}
