import { statSync } from 'node:fs';
import { EXIT } from '../cli/errors.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Ends a program when its settings have changed, or when its loop has ended. A loop starts it again
 * with the new settings. Without its loop it would keep the port while a new loop starts a second
 * one.
 */
export function endWhenChanged(file: string): void {
  const inode = (): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
  const first = inode();
  const loop = process.ppid;
  setInterval(() => {
    if (inode() !== first || process.ppid !== loop) process.exit(EXIT.ok);
  }, LOOK_EVERY_MS).unref();
}
