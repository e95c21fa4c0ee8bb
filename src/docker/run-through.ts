/** Runs a container for the user at this terminal, as `docker run -it --rm`. */
import { once } from 'node:events';
import type { Docker } from './engine.ts';
import type { Streams } from './exec.ts';

type Request = Parameters<Docker['createContainer']>[0];

/**
 * Runs it to its end and removes it.
 * @param signal ends it before
 * @returns its exit code
 */
export async function runThrough(
  docker: Docker,
  request: Request,
  { input, stdout, stderr }: Streams,
  signal: AbortSignal,
): Promise<number> {
  const terminal = input === process.stdin && process.stdin.isTTY && process.stdout.isTTY;
  const container = await docker.createContainer({
    ...request,
    Tty: terminal,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const end = (): void => void container.kill().catch(() => undefined);
  signal.addEventListener('abort', end);
  try {
    const all = { stream: true, stdin: true, stdout: true, stderr: true } as const;
    const stream = await container.attach({ ...all, hijack: true });
    if (terminal) {
      process.stdin.setRawMode(true);
      stream.pipe(stdout, { end: false });
    } else {
      container.modem.demuxStream(stream, stdout, stderr);
    }
    // The program may end before it has read all: then the connection is cut, and its code says more.
    const cut = new Promise<void>((resolve) => stream.on('error', () => resolve()));
    const ended = Promise.race([once(stream, 'end'), cut]);
    await container.start();
    if (terminal) {
      const [w, h] = process.stdout.getWindowSize();
      await container.resize({ w, h });
    }
    input.pipe(stream);
    await ended;
    input.unpipe(stream).pause();
    const { StatusCode: code } = await container.wait();
    return code;
  } finally {
    signal.removeEventListener('abort', end);
    if (terminal) process.stdin.setRawMode(false);
    await container.remove({ force: true });
  }
}
