/**
 * A shell loop for each program beside Postfix. The shell forks once more and ends, so that the loop
 * becomes a child of process 1: Postfix's master reaps such children as process 1, and would panic
 * at an unknown child of its own under tini.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { CommandFailed } from '../cli/errors.ts';
import { cleanEnvironment } from '../postfix/running/command.ts';
import type { Program } from './programs.ts';

/** The first word of a loop's arguments, behind the script: how /proc/PID/cmdline shows it. */
const marker = (name: string): string => `hikyaku-${name}`;

/** `$0` is the marker, the rest is the program. A program that ends at once is not hurried. */
const LOOP = 'while :; do "$@"; sleep 1; done';

/**
 * Starts programs that do not run yet, with no secret in their environment.
 * @param timeZone for the times in their output
 * @throws CommandFailed when a shell cannot be started
 */
export function startPrograms(programs: readonly Program[], timeZone: string | undefined): void {
  for (const { name, command } of missingPrograms(programs)) {
    const { error, status } = spawnSync(
      '/bin/sh',
      ['-c', `(sh -c '${LOOP}' "$0" "$@" </dev/null) &`, marker(name), ...command],
      { stdio: ['ignore', 'inherit', 'inherit'], env: cleanEnvironment(timeZone) },
    );
    if (error !== undefined || status !== 0) {
      throw new CommandFailed(`the program "${name}" could not be started`, error?.message ?? '');
    }
  }
}

/** Ends the programs that the settings no longer ask for; the others go on. */
export function stopOthers(programs: readonly Program[]): void {
  const all = processes();
  for (const loop of all) {
    if (!loop.isLoop || programs.some((program) => isLoopOf(loop, program))) continue;
    // First the loop, or it would start the program again.
    end(loop);
    for (const program of all.filter(({ parent }) => parent === loop.id)) end(program);
  }
}

/** Signals a process as its own user: the container lacks the capability KILL. */
function end({ id, user }: Process): void {
  process.seteuid?.(user);
  try {
    process.kill(id, 'SIGTERM');
  } catch {
    // It has ended by itself.
  } finally {
    process.seteuid?.(0);
  }
}

/** The programs whose loop does not run. */
export function missingPrograms(programs: readonly Program[]): readonly Program[] {
  const loops = processes().filter(({ isLoop }) => isLoop);
  return programs.filter((program) => !loops.some((loop) => isLoopOf(loop, program)));
}

/** The number of the program that a loop runs now; undefined while it is away. */
export function processOf(program: Program): number | undefined {
  const all = processes();
  const loop = all.find((one) => one.isLoop && isLoopOf(one, program));
  return all.find(({ parent, command }) => parent === loop?.id && command !== 'sleep')?.id;
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly user: number;
  readonly command: string;
  readonly isLoop: boolean;
  /** The marker of a loop, and the command that it runs. */
  readonly words: readonly string[];
}

const isLoopOf = ({ words }: Process, { name, command }: Program): boolean =>
  words.join('\0') === [marker(name), ...command].join('\0');

/** What runs in this container (proc_pid_stat(5), proc_pid_cmdline(5)). */
function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const [, command = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
        const words = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
        const isLoop = words[1] === '-c' && words[2] === LOOP;
        const parent = Number(rest.split(' ')[1]);
        const { uid: user } = statSync(`/proc/${entry}`);
        const id = Number(entry);
        return [{ id, parent, user, command, isLoop, words: words.slice(3, -1) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
