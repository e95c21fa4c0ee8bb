/** Docker Compose 2, as it is installed on this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs a command of Compose on the project of a directory. @throws CommandFailed */
export type Compose = (directory: string, ...args: readonly string[]) => Promise<string>;

/**
 * @param root of the checkout, where `npm run demo` and `npm test` put a Compose of their own
 * @returns undefined if it does not exist
 */
export async function findCompose(
  root: string,
  environment: Environment,
): Promise<Compose | undefined> {
  const env = { ...environment };
  const commands = [
    ['docker', 'compose'],
    ['docker-compose'],
    [path.join(root, '.cache', 'bin', 'docker-compose')],
  ];
  for (const command of commands) {
    const version = await run([...command, 'version', '--short'], env).catch(() => '');
    if (!/^v?([2-9]|\d\d)\./.test(version.trim())) continue;
    return (directory, ...args) =>
      run(
        [
          ...command,
          '--project-directory',
          directory,
          '--file',
          `${directory}/compose.yaml`,
          ...args,
        ],
        env,
      );
  }
  return undefined;
}

async function run(words: readonly string[], env: Environment): Promise<string> {
  const [command = '', ...args] = words;
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new CommandFailed(`${words.join(' ')} ended with ${code}`, stderr);
  return stdout;
}
