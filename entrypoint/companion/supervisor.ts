/**
 * Two simple shells for each program beside Postfix. The inner one runs the program, and runs it
 * again when it has ended or is due. Each shell checks every second whether the other one runs, and
 * restarts it if necessary. So both run again soon after either one was killed.
 *
 * The shell that starts them forks once more and ends, so that they become children of process 1:
 * Postfix's master reaps such children as process 1, and would panic at an unknown child of its own
 * under tini.
 */
import { type StdioOptions, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandFailed } from '../cli/errors.ts';
import { writeDurably } from '../install/durable.ts';
import { cleanEnvironment, run } from '../postfix/running/command.ts';
import { CONFIG_DIRECTORY } from '../render/file.ts';
import type { Program } from './programs.ts';

/** The first word of a loop's arguments, behind the script: how /proc/PID/cmdline shows it. */
const marker = (name: string): string => `hikyaku-${name}`;

/**
 * `$0` is the marker, the second word the other shell, the words behind the third are the program.
 * A program that ends at once is not hurried. When memory runs out, the kernel takes the program
 * before it takes Postfix or the shells (proc_pid_oom_score_adj(5)). The program may have become
 * another user that the shells may not signal, so they look for it in /proc. Each pause is a read
 * with a timeout on an empty pipe, which starts no process. bash(1): printf %(fmt)T, read -t,
 * BASH_EXECUTION_STRING.
 */
const LOOP = `
role=$1 other=$2 due_file=$3 program=
exec {pause}<> <(:)
start() {
  /bin/bash -c "$BASH_EXECUTION_STRING" "$0" "$@" &
  other=$!
}
while :; do
  if [ "$role" = outer ]; then
    kill -0 "$other" 2> /dev/null || start inner $$ "\${@:3}"
  else
    kill -0 "$other" 2> /dev/null || start outer $$ "\${@:3}"
    if [ -z "$program" ] || ! [ -d "/proc/$program" ]; then
      due=0
      [ -r "$due_file" ] && read -r due < "$due_file"
      printf -v now '%(%s)T' -1
      if [ "$now" -ge "\${due:-0}" ]; then
        (
          { printf 500 > /proc/self/oom_score_adj; } 2> /dev/null
          exec "\${@:4}"
        ) &
        program=$!
      fi
    fi
  fi
  read -r -t 1 -u "$pause"
done
`;

/**
 * Starts programs that do not run yet, with no secret in their environment: for `start`, whose output
 * is the container's.
 * @param timeZone for the times in their output
 * @throws CommandFailed when a shell cannot be started
 */
export function startPrograms(programs: readonly Program[], timeZone: string | undefined): void {
  for (const program of actNow(programs)) {
    const [shell, ...words] = loopOf(program);
    const env = cleanEnvironment(timeZone);
    const { error, status } = spawnSync(shell, words, { stdio: INHERITED, env, cwd: '/' });
    if (error !== undefined || status !== 0) throw notStarted(program, error?.message ?? '');
  }
}

const INHERITED: StdioOptions = ['ignore', 'inherit', 'inherit'];

/**
 * Asks for programs that do not run yet: for `reload`, whose output is that of `docker exec`. The next
 * process that Postfix's master starts to write the log has the container's output, and starts them
 * first (scripts/image/postlogd.sh). To be called before Postfix reloads.
 * @param timeZone for the times in their output
 */
export function requestPrograms(programs: readonly Program[], timeZone: string | undefined): void {
  const environment = Object.entries(cleanEnvironment(timeZone)).map((pair) => pair.join('='));
  const lines = actNow(programs).map((program) =>
    ['exec', 'env', '-i', ...environment, ...loopOf(program)].map(shellWord).join(' '),
  );
  if (lines.length > 0) writeDurably(REQUEST, lines.map((line) => `(${line})\n`).join(''));
}

/** Read by scripts/image/postlogd.sh. */
const REQUEST = `${CONFIG_DIRECTORY}/begin`;
const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Waits until the programs that were asked for are there. Each line of the log has Postfix's master
 * look whether a process is there to write it.
 * @throws CommandFailed when they do not come
 */
export async function programsStarted(programs: readonly Program[]): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [missing] = missingPrograms(programs);
    if (missing === undefined) return;
    if (look === LOOKS - 1) throw notStarted(missing, '');
    await run(['postlog', '-t', 'hikyaku/reload', `starting: ${missing.name}`]);
    await pause(100);
  }
}

/** Ten seconds and more, on a machine that has much to do. */
const LOOKS = 100;

const notStarted = ({ name }: Program, why: string): CommandFailed =>
  new CommandFailed(`the program "${name}" could not be started`, why);

/** The programs that have to be started. Those that act now and then do so: their settings may be new. */
function actNow(programs: readonly Program[]): readonly Program[] {
  for (const { dueFile } of programs) if (dueFile !== undefined) rmSync(dueFile, { force: true });
  return missingPrograms(programs);
}

/** Starts the two shells of a program, and ends. */
const loopOf = ({ name, command, dueFile = '' }: Program): readonly [string, ...string[]] => [
  ...(['/bin/bash', '-c', '/bin/bash -c "$0" "$@" </dev/null &', LOOP] as const),
  ...[marker(name), 'outer', '', dueFile, ...command],
];

/** Ends the programs that the settings no longer ask for; the others go on. */
export function stopOthers(programs: readonly Program[]): void {
  const all = processes();
  const isWanted = (loop: Process): boolean => programs.some((program) => isLoopOf(loop, program));
  const unwanted = all.filter((one) => one.isLoop && !isWanted(one));
  const programsIn = all.filter(
    ({ isLoop, parent }) => !isLoop && unwanted.some(({ id }) => id === parent),
  );
  // First the loops, or they would start the program again.
  for (const one of [...unwanted, ...programsIn]) end(one);
}

/** Has the programs that run read their settings anew, those that do not do so by themselves. */
export function reloadPrograms(programs: readonly Program[]): void {
  for (const program of programs) {
    const running = program.reload === undefined ? undefined : runningOf(program);
    if (running !== undefined) signal(running, program.reload);
  }
}

const end = (one: Process): void => signal(one, 'SIGTERM');

/** Signals a process as its own user: the container lacks the capability KILL. */
function signal({ id, user }: Process, name: NodeJS.Signals | undefined): void {
  process.seteuid?.(user);
  try {
    process.kill(id, name);
  } catch {
    // It has ended by itself.
  } finally {
    process.seteuid?.(0);
  }
}

/** The programs whose loop does not run. */
function missingPrograms(programs: readonly Program[]): readonly Program[] {
  const loops = processes().filter(({ isLoop }) => isLoop);
  return programs.filter((program) => !loops.some((loop) => isLoopOf(loop, program)));
}

/** The program that a loop runs now; undefined while it is away. */
function runningOf(program: Program): Process | undefined {
  const all = processes();
  const loops = all.filter((one) => one.isLoop && isLoopOf(one, program)).map(({ id }) => id);
  return all.find(({ parent, isLoop }) => !isLoop && loops.includes(parent));
}

/** A loop has its program back within this time, also on a slow machine. */
const COMES_BACK_MS = 3_000;

/**
 * The names of the programs that do not run and do not come back, or end again and again. Of those
 * that act now and then, the loop has to run.
 */
export async function programsAway(programs: readonly Program[]): Promise<readonly string[]> {
  const end = performance.now() + COMES_BACK_MS;
  const staying = programs.filter(({ dueFile }) => dueFile === undefined);
  let away = staying.filter((program) => runningOf(program) === undefined);
  let before = new Map<Program, number | undefined>();
  while (away.length > 0 && performance.now() < end) {
    await pause(200);
    const now = new Map(away.map((program) => [program, runningOf(program)?.id]));
    away = away.filter((one) => now.get(one) === undefined || now.get(one) !== before.get(one));
    before = now;
  }
  const idle = missingPrograms(programs.filter(({ dueFile }) => dueFile !== undefined));
  return [...away, ...idle].map(({ name }) => name);
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly user: number;
  readonly command: string;
  readonly isLoop: boolean;
  /** The words of a loop: its marker, its role, the other loop, the due file, and its command. */
  readonly words: readonly string[];
}

const isLoopOf = ({ words }: Process, { name, command }: Program): boolean =>
  [words[0], ...words.slice(4)].join('\0') === [marker(name), ...command].join('\0');

/** The processes of this container (proc_pid_stat(5), proc_pid_cmdline(5)). */
function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const [, command = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
        const words = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
        const isLoop = words[1] === '-c' && words[2] === LOOP;
        const [state, parent] = rest.split(' ');
        // A shell may take note of an ended child a second later.
        if (state === 'Z') return [];
        const { uid: user } = statSync(`/proc/${entry}`);
        const id = Number(entry);
        return [{ id, parent: Number(parent), user, command, isLoop, words: words.slice(3, -1) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
