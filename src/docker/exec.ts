/** Running a program in a container that runs. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Docker } from './engine.ts';

/** The input of a program, and the target of its output. */
export interface Streams {
  readonly input: Readable;
  /** Read as well, and not waited for. */
  readonly beside?: Readable | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * Runs a program to its end, as `docker exec -i` does; with `-t` where the user sits at a terminal,
 * so that it can ask something. @returns its exit code
 */
export async function execIn(
  container: ReturnType<Docker['getContainer']>,
  command: readonly string[],
  { input, beside, stdout, stderr }: Streams,
): Promise<number> {
  const terminal = input === process.stdin && process.stdin.isTTY && process.stdout.isTTY;
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: terminal });
  if (terminal) {
    const [width, height] = process.stdout.getWindowSize();
    await exec.resize({ w: width, h: height });
    process.stdin.setRawMode(true);
    stream.pipe(stdout, { end: false });
  } else {
    container.modem.demuxStream(stream, stdout, stderr);
  }
  // The program may end before it has read all: then the connection is cut, and its code says more.
  const cut = new Promise<void>((resolve) => stream.on('error', () => resolve()));
  const ended = once(stream, 'end');
  input.pipe(stream);
  beside?.pipe(stream, { end: false });
  await Promise.race([ended, cut]);
  beside?.unpipe(stream);
  input.unpipe(stream).destroy();
  stream.destroy();
  if (terminal) process.stdin.setRawMode(false);
  return (await exec.inspect()).ExitCode ?? 1;
}
