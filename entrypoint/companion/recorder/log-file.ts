import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { LOG_FILE } from '../../render/log-destination.ts';

const FORMER = `${LOG_FILE}.1`;

/** A place in the log, which holds across restarts of the recorder. */
export interface Position {
  /** When process 1 began: another container, or the same one started again, has other files. */
  readonly run: string;
  /** The inode of the file. */
  readonly file: number;
  /** In bytes. */
  readonly offset: number;
}

/** Read at once at most, so that a batch fits into memory however long the recorder was away. */
const CHUNK = 64 * 1024;

/** The file is in memory: it is put aside when it has this many bytes. */
const LARGE = 8 * 1024 * 1024;

/** The 22nd field of /proc/1/stat, in ticks since the machine began (proc_pid_stat(5)). */
const thisRun = (): string =>
  readFileSync('/proc/1/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19] ?? '';

/**
 * The log as a file that Postfix appends to. Postfix never waits for its reader, and the reader
 * loses no line while it does not run, since the file stays.
 */
export class LogFile {
  #descriptor: number | undefined;
  #position: Position;
  readonly #buffer = Buffer.alloc(CHUNK);

  /** @param from the position to continue from; ignored if it is from another run */
  constructor(from: Position | undefined) {
    const run = thisRun();
    this.#position = from?.run === run ? from : { run, file: 0, offset: 0 };
  }

  /** The end of the last line that was read. */
  get position(): Position {
    return this.#position;
  }

  /**
   * The new lines, without their line breaks; an incomplete line is left for
   * the next time. Empty when there is nothing new.
   */
  read(): readonly string[] {
    if (!this.#open()) return [];
    // Checked before the last read of a former file, so its writer has ended by then.
    const hasNext = !this.#isCurrent() && exists(LOG_FILE);
    const lines = this.#readOn();
    if (lines.length > 0 || !hasNext) return lines;
    this.#close();
    rmSync(FORMER, { force: true });
    return this.#open() ? this.#readOn() : [];
  }

  /** Renames a large file. @returns whether Postfix must open a new one */
  putAside(): boolean {
    if (this.#position.offset < LARGE || !this.#isCurrent() || exists(FORMER)) return false;
    renameSync(LOG_FILE, FORMER);
    return true;
  }

  #readOn(): readonly string[] {
    const length = readSync(this.#descriptor ?? -1, this.#buffer, 0, CHUNK, this.#position.offset);
    const end = this.#buffer.subarray(0, length).lastIndexOf(10);
    // A line longer than the buffer is no line of Postfix's; it is taken in pieces.
    const taken = end < 0 && length === CHUNK ? length : end + 1;
    if (taken === 0) return [];
    this.#position = { ...this.#position, offset: this.#position.offset + taken };
    return this.#buffer.toString('utf8', 0, taken).replace(/\n$/, '').split('\n');
  }

  /** Opens a former file that is not read to its end, or else the current one. */
  #open(): boolean {
    if (this.#descriptor !== undefined) return true;
    const path = [FORMER, LOG_FILE].find(exists);
    if (path === undefined) return false;
    this.#descriptor = openSync(path, 'r');
    const file = fstatSync(this.#descriptor).ino;
    if (file !== this.#position.file) this.#position = { ...this.#position, file, offset: 0 };
    return true;
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #isCurrent(): boolean {
    return statSync(LOG_FILE, { throwIfNoEntry: false })?.ino === this.#position.file;
  }
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
