import { statSync } from 'node:fs';
import { EXIT } from '../cli/errors.ts';

const LOOK_EVERY_MS = 1_000;

/** Ends a program when its settings are others: its loop starts it again, with the new ones. */
export function endWhenChanged(file: string): void {
  const inode = (): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
  const first = inode();
  setInterval(() => {
    if (inode() !== first) process.exit(EXIT.ok);
  }, LOOK_EVERY_MS).unref();
}
