import { writeDurably } from '../install/durable.ts';

/**
 * Says from when on a part is to run again.
 * @param second since 1970
 */
export function writeDue(dueFile: string, second: number): void {
  writeDurably(dueFile, `${Math.ceil(second)}\n`);
}
