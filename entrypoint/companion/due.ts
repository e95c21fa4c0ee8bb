import { renameSync, writeFileSync } from 'node:fs';

/**
 * Says from when on a part is to run again.
 * @param second since 1970
 */
export function writeDue(dueFile: string, second: number): void {
  writeFileSync(`${dueFile}.new`, `${Math.ceil(second)}\n`, { mode: 0o600 });
  renameSync(`${dueFile}.new`, dueFile);
}
