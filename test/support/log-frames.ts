/** The output of a container so far. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they were written. */
  readonly all: string;
}

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes apart the stream that the engine answers with for a container without a terminal: frames
 * of a header (stream type, three zero bytes, length as 32 bits big endian) and as many bytes
 * (Docker Engine API, "Attach to a container", stream format).
 */
export function readLogFrames(frames: Buffer): Output {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[], all: [] as Buffer[] };
  for (let at = 0; at + HEADER_BYTES <= frames.length; ) {
    const start = at + HEADER_BYTES;
    const end = start + frames.readUInt32BE(at + 4);
    const content = frames.subarray(start, end);
    parts[frames[at] === STDERR ? 'stderr' : 'stdout'].push(content);
    parts.all.push(content);
    at = end;
  }
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
  return { stdout: text(parts.stdout), stderr: text(parts.stderr), all: text(parts.all) };
}
