import { spawn } from 'node:child_process';
import { CommandFailed } from '../../cli/errors.ts';

/**
 * The configuration that Postfix's own commands use before Postfix runs: it names no log file, so
 * that what they have to say comes back on standard error. (With `maillog_file = /dev/stdout` they
 * would open that as a file, which fails when it is a socket, as every pipe of Node's is.)
 */
export const COMMAND_CONFIG = '/usr/share/hikyaku/commands';

/** How a program ended, and all it said. */
export interface Ended {
  readonly status: string;
  readonly ok: boolean;
  readonly output: string;
}

/** Postfix programs get what they need of the environment, and nothing that could be a secret. */
export const cleanEnvironment = (timeZone: string | undefined): Record<string, string> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  ...(timeZone === undefined ? {} : { TZ: timeZone }),
});

/**
 * Runs a program that has to succeed, and gives all that it said.
 * @throws CommandFailed when it fails
 */
export async function outputOf(command: readonly string[], patienceMs?: number): Promise<string> {
  return saidBy(command, await run(command, patienceMs));
}

/**
 * What a program said that had to succeed.
 * @throws CommandFailed when it failed
 */
export function saidBy(command: readonly string[], { ok, status, output }: Ended): string {
  if (!ok) throw new CommandFailed(`${command.join(' ')}: ${status}`, output);
  return output;
}

/**
 * Runs a program to its end, without a shell.
 * @param patienceMs how long it may say nothing before it is ended; default: for ever
 * @throws CommandFailed when it cannot be started; how it ends is for the caller to judge
 */
export function run(command: readonly string[], patienceMs?: number): Promise<Ended> {
  return runWith(command, patienceMs, undefined);
}

/**
 * Runs a program whose standard output is handed on as it comes, and not kept.
 * @param handOn may end the program before it has said all
 * @throws CommandFailed when it cannot be started
 */
export function runWith(
  command: readonly string[],
  patienceMs: number | undefined,
  handOn: ((chunk: Buffer, end: () => void) => void) | undefined,
): Promise<Ended> {
  const [program = '', ...words] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(undefined),
    });
    const said: Buffer[] = [];
    const silence =
      patienceMs === undefined ? undefined : setTimeout(() => child.kill(), patienceMs);
    const hear = (take: (chunk: Buffer, end: () => void) => void) => (chunk: Buffer) => {
      take(chunk, () => child.kill());
      silence?.refresh();
    };
    const keep = (chunk: Buffer) => said.push(chunk);
    child.stdout.on('data', hear(handOn ?? keep));
    child.stderr.on('data', hear(keep));
    child.on('error', (fault) =>
      reject(new CommandFailed(`${command.join(' ')}: ${fault.message}`, '')),
    );
    child.on('close', (code, signal) => {
      clearTimeout(silence);
      const status = signal === null ? `exit status ${code}` : `ended by ${signal}`;
      resolve({ status, ok: code === 0, output: Buffer.concat(said).toString('utf8') });
    });
  });
}
