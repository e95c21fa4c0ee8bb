/** Files of an image, read without running anything of it. */

import { isNotFound } from './answers.ts';
import { readArchive } from './archive.ts';
import type { Docker } from './engine.ts';

export type ReadImageFile = (path: string) => Promise<string | undefined>;

/** Reads files out of a container that is made of the image, never started, and removed again. */
export const withImageFiles = <T>(
  docker: Docker,
  image: string,
  use: (read: ReadImageFile) => Promise<T>,
): Promise<T> =>
  withUnstarted(docker, image, (container) =>
    use((path) =>
      unlessAbsent(async () => onlyFile(await container.getArchive({ path })), undefined),
    ),
  );

/** Those of the files that the image does not have. */
export const filesNotIn = (
  docker: Docker,
  image: string,
  files: readonly string[],
): Promise<readonly string[]> =>
  withUnstarted(docker, image, async (container) => {
    const isThere = (path: string): Promise<boolean> =>
      unlessAbsent(async () => {
        // An unfinished stream would keep the connection, and the program, open.
        (await container.infoArchive({ path })).resume();
        return true;
      }, false);
    const found = await Promise.all(files.map(isThere));
    return files.filter((_, at) => found[at] === false);
  });

async function unlessAbsent<T>(look: () => Promise<T>, absent: T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (isNotFound(error)) return absent;
    throw error;
  }
}

async function withUnstarted<T>(
  docker: Docker,
  image: string,
  use: (container: ReturnType<Docker['getContainer']>) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({
    Image: image,
    // An image may have no command, and the engine requires one.
    Cmd: ['true'],
    NetworkDisabled: true,
  });
  try {
    return await use(container);
  } finally {
    await container.remove({ v: true });
  }
}

/** The engine answers with an archive of the one file. */
async function onlyFile(archive: NodeJS.ReadableStream): Promise<string> {
  let found = '';
  await readArchive(archive, async (_, content) => {
    found = await content();
  });
  return found;
}
