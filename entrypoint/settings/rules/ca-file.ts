import type { Facts } from '../facts.ts';
import { error, type Problem } from '../problem.ts';

/** A CA file that cannot be used. */
export function checkCaFile(
  path: string | undefined,
  where: string,
  { caFiles }: Facts,
): Problem[] {
  const file = caFiles.get(path ?? '');
  return file === undefined || 'pem' in file ? [] : [error(where, file.wrong, file.right)];
}
