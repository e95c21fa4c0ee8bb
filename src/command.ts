/** Running another program to its end, with its output kept for the case that it fails. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailed } from '../entrypoint/cli/errors.ts';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the command. It then runs in a process group of its own, out of reach of Ctrl-C. */
  readonly signal?: AbortSignal;
}

/**
 * @returns what the command wrote to its standard output
 * @throws CommandFailed with all of its output when its status is not 0 or it cannot be started
 */
export function run(
  command: string,
  args: readonly string[],
  { env, cwd, onLine, signal }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: signal !== undefined,
    });
    const abort = (): void => void child.kill('SIGINT');
    signal?.addEventListener('abort', abort, { once: true });
    let out = '';
    let all = '';
    const heard = (text: string): void => {
      all += text;
      for (const line of text.split('\n')) if (line.trim() !== '') onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      heard(text);
    });
    child.stderr.setEncoding('utf8').on('data', heard);
    const what = [command, ...args].join(' ');
    child.once('error', (error) => reject(new CommandFailed(`${what}: ${error.message}`, '')));
    child.once('close', (status, killed) => {
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted === true) reject(signal.reason);
      else if (status === 0) resolve(out);
      else reject(new CommandFailed(`${what} ended with ${killed ?? `status ${status}`}`, all));
    });
  });
}

/** The path of a program as the shell would find it, or `undefined`. */
export async function which(
  program: string,
  searchPath: string | undefined,
): Promise<string | undefined> {
  if (program.includes('/')) return (await isExecutable(program)) ? program : undefined;
  for (const directory of (searchPath ?? '').split(path.delimiter)) {
    const candidate = path.join(directory, program);
    if (directory !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
