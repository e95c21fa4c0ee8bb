/** The tar archives that the engine hands out (Docker Engine API, "Get an archive"). */
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

/**
 * Reads an archive to its end.
 * @param look gets each name, and its content as a text where it asks for it
 * @throws when the archive is cut off or empty: an answer that was lost is no answer
 */
export async function readArchive(
  archive: NodeJS.ReadableStream,
  look: (name: string, content: () => Promise<string>) => Promise<void>,
): Promise<void> {
  let isEmpty = true;
  const entries = extract();
  entries.on('entry', ({ name }, stream, next) => {
    isEmpty = false;
    look(name, () => text(stream)).then(() => {
      stream.resume();
      next();
    }, next);
  });
  await pipeline(archive, entries);
  if (isEmpty) throw new Error('the engine answered with an empty archive');
}
