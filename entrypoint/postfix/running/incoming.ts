import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { isSystemError } from '../../cli/errors.ts';

/** Envelope and header fit in here: what has so much and no mark is another message. */
const LOOKED_AT = 16_384;

/** The size of the blocks, in bytes, in which cleanup(8) writes its queue file. */
const BLOCK = 4_096;

/**
 * Finds the ID of the message that is being handed in: cleanup(8) names its file after it from the
 * start. Files that were there before are not looked into, and no other one more than it takes.
 */
export class Incoming {
  readonly #folders: readonly string[];
  readonly #others: Set<string>;

  /** @param spool to be made before the message is begun */
  constructor(spool: string) {
    this.#folders = [`${spool}/incoming`, `${spool}/active`];
    this.#others = new Set(this.#files().map(({ name }) => name));
  }

  /** @param mark something that no other message holds; undefined while it is not on the disk */
  find(mark: string): string | undefined {
    for (const { name, path } of this.#files()) {
      if (this.#others.has(name)) continue;
      const head = readHead(path);
      if (head.includes(mark)) return name;
      if (head.length >= BLOCK) this.#others.add(name);
    }
    return undefined;
  }

  /** From now on another message is looked for, which holds the same mark. */
  pass(id: string): void {
    this.#others.add(id);
  }

  #files(): readonly { readonly name: string; readonly path: string }[] {
    return this.#folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => ({ name, path: `${parentPath}/${name}` }));
  }
}

function readHead(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(LOOKED_AT);
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch (fault) {
    // Delivered or moved on in the meantime: another message's file.
    if (isSystemError(fault) && fault.code === 'ENOENT') return Buffer.alloc(0);
    throw fault;
  }
}
