import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isSystemError } from '../errors.ts';

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

/** Stopped, being traced, or dead. */
const IDLE = ['T', 't', 'Z', 'X'];

const isAtWork = (): boolean =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => nameAndState(statOf(pid)))
    .some(([name, state]) => name === 'qmgr' && !IDLE.includes(state));

/** After a reload it is away for a moment, until master(8) has started it again. */
const MOMENTS = { count: 15, ms: 200 };

/**
 * Whether Postfix's queue manager lives: without it mail is taken in, and goes nowhere. It has no
 * answer for strangers, and master(8) holds its socket open while it is dead, so its process is
 * looked for.
 */
export async function queueManagerLives(): Promise<boolean> {
  for (let look = 0; look < MOMENTS.count; look += 1) {
    if (isAtWork()) return true;
    await pause(MOMENTS.ms);
  }
  return false;
}
