import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** The time limits for the first line, and for each further one. */
const PATIENCE_MS = { first: 2_000, next: 3_000 };

/** How a pipe ended: without input, closed, or with more to come. */
export type Ending = 'nothing' | 'ended' | 'goes on';

/**
 * Reads standard input, a line at a time. A pipe may stay open without any data (`docker exec -i`
 * from a terminal), or never end (`docker logs -f`), so the wait has a limit.
 */
export async function readPipedLines(
  input: Readable,
  hear: (line: string) => void,
  patience = PATIENCE_MS,
): Promise<Ending> {
  const lines = new Lines(hear);
  let isAnything = false;
  const ended = await new Promise<boolean>((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), patience.first);
    let next = timer;
    input.on('data', (chunk: Buffer) => {
      isAnything = true;
      lines.push(chunk);
      clearTimeout(next);
      next = setTimeout(() => resolve(false), patience.next);
    });
    input.on('end', () => {
      clearTimeout(next);
      resolve(true);
    });
    input.on('error', reject);
  });
  input.destroy();
  lines.end();
  if (!isAnything) return 'nothing';
  return ended ? 'ended' : 'goes on';
}

const NEWLINE = 10;

/**
 * Cuts chunks into lines; the last one may lack its end. Each line is decoded by itself: a part of a
 * longer text would keep all of that text in memory for as long as somebody keeps the line.
 */
class Lines {
  #rest: Buffer[] = [];
  readonly #hear: (line: string) => void;

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#rest.length === 0) this.#hear(chunk.toString('utf8', start, end));
      else this.#hearRest(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }

  end(): void {
    if (this.#rest.length > 0) this.#hearRest(Buffer.alloc(0));
  }

  #hearRest(last: Buffer): void {
    const line = Buffer.concat([...this.#rest, last]).toString('utf8');
    this.#rest = [];
    this.#hear(line);
  }
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
