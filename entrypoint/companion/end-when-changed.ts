import { statSync } from 'node:fs';
import { EXIT } from '../cli/errors.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Ends a program when its settings are others, or when its loop is gone: a loop starts it again, with
 * the new settings. Without the second there would be two of it, and one would have the port.
 */
export function endWhenChanged(file: string): void {
  const inode = (): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
  const first = inode();
  const loop = process.ppid;
  setInterval(() => {
    if (inode() !== first || process.ppid !== loop) process.exit(EXIT.ok);
  }, LOOK_EVERY_MS).unref();
}
