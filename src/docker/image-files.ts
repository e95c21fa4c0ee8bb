/** Files of an image, read without running anything of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Docker } from './engine.ts';
import { isNotFound } from './images.ts';

export type ReadImageFile = (path: string) => Promise<string | undefined>;

/** Reads files out of a container that is made of the image, never started, and removed again. */
export async function withImageFiles<T>(
  docker: Docker,
  image: string,
  use: (read: ReadImageFile) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({
    Image: image,
    // An image may say nothing of what it runs, and the engine wants a command.
    Cmd: ['true'],
    NetworkDisabled: true,
  });
  try {
    return await use(async (path) => {
      try {
        return await onlyFile(await container.getArchive({ path }));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  } finally {
    await container.remove({ v: true });
  }
}

/** The engine answers with a tar of the one file (Docker Engine API, "Get an archive"). */
async function onlyFile(archive: NodeJS.ReadableStream): Promise<string> {
  const tar = spawn('tar', ['-xO', '-f', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  const [content] = await Promise.all([text(tar.stdout), pipeline(archive, tar.stdin), ended]);
  return content;
}
