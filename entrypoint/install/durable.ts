import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whole or not at all, also when the machine goes down: written beside, brought to the disk, and
 * renamed (rename(2), fsync(2)). Whoever reads sees the old text or the new one.
 * @param mode default: only its owner reads it
 */
export function writeDurably(path: string, text: string, mode = 0o600): void {
  const file = openSync(`${path}.new`, 'w', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
