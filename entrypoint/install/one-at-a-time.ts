import { type ChildProcess, spawn } from 'node:child_process';
import { CommandFailed, EXIT, UserError } from '../cli/errors.ts';
import { COMMAND_CONFIG, cleanEnvironment } from '../postfix/running/command.ts';
import { CONFIG_DIRECTORY } from '../render/file.ts';

/**
 * postlock(1) holds a kernel lock (fcntl) on a file of this relay while a command runs, since
 * Node.js has no call for that. The command ends when our end of the pipe closes, however this
 * process ends. So the lock is always released. Processes outside the container cannot hold it.
 */
const hold = (turn: Turn): readonly [string, ...string[]] => [
  ...(['/usr/sbin/postlock', '-c', COMMAND_CONFIG, '-l', 'fcntl'] as const),
  ...[`${CONFIG_DIRECTORY}/${LOCKS[turn]}`, '/bin/sh', '-c', 'echo held; exec cat'],
];

/**
 * Work that only one process may do at a time: changes of Postfix's files, or the companion's work.
 */
export type Turn = keyof typeof LOCKS;

const LOCKS = { files: '.lock', companion: '.companion-lock' } as const;

/** The lock was not to be had (EX_TEMPFAIL in sysexits(3)); how long it tries stands in the Dockerfile. */
const TAKEN = 75;

/**
 * Does something that no other process of this container may do meanwhile.
 * @throws UserError when another one takes too long
 */
export async function oneAtATime<T>(work: () => Promise<T>, turn: Turn = 'files'): Promise<T> {
  const holder = await takeTurn(hold(turn));
  try {
    return await work();
  } finally {
    holder.stdin?.end();
  }
}

function takeTurn(command: readonly [string, ...string[]]): Promise<ChildProcess> {
  const [program, ...words] = command;
  return new Promise((resolve, reject) => {
    const holder = spawn(program, words, { env: cleanEnvironment(undefined) });
    let said = '';
    holder.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    holder.stdout.once('data', () => resolve(holder));
    holder.once('error', reject);
    holder.once('close', (code) =>
      reject(
        code === TAKEN
          ? new UserError('another reload has not ended yet: try again later', EXIT.unavailable)
          : new CommandFailed(`${command.join(' ')}: exit status ${code}`, said),
      ),
    );
  });
}
