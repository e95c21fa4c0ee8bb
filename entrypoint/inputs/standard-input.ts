import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** How long somebody may take to begin, and to go on. */
const PATIENCE_MS = { first: 2_000, next: 3_000 };

/** Of a log that is longer, the end counts: a text of Node.js holds no more than half a gigabyte. */
const MOST_BYTES = 256 * 2 ** 20;

/** What came, and whether it came to its end. */
export interface Piped {
  readonly text: string;
  readonly ended: boolean;
}

/**
 * Reads what is piped into this program; undefined when nobody gives anything. A pipe may be open
 * with nothing to come (`docker exec -i` from a terminal), or never end (`docker logs -f`), so there
 * is an end to waiting.
 */
export async function readPiped(
  input: Readable,
  patience = PATIENCE_MS,
): Promise<Piped | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const ended = await new Promise<boolean>((resolve, reject) => {
    let timer = setTimeout(() => resolve(false), patience.first);
    input.on('data', (chunk: Buffer | string) => {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      while (bytes > MOST_BYTES) bytes -= chunks.shift()?.length ?? 0;
      clearTimeout(timer);
      timer = setTimeout(() => resolve(false), patience.next);
    });
    input.on('end', () => {
      clearTimeout(timer);
      resolve(true);
    });
    input.on('error', reject);
  });
  input.destroy();
  return chunks.length === 0 ? undefined : { text: Buffer.concat(chunks).toString('utf8'), ended };
}

/** Whether something could come on standard input: not a terminal, not /dev/null. */
export function isPiped(): boolean {
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    // Closed altogether.
    return false;
  }
}
