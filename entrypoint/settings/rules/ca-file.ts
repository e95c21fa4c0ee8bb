import type { Facts } from '../facts.ts';
import { error, type Finding, warning } from '../finding.ts';

/** A CA file that cannot be used. */
export function checkCaFile(
  path: string | undefined,
  where: string,
  { caFiles }: Facts,
): Finding[] {
  const file = caFiles.get(path ?? '');
  if (file === undefined) return [];
  if ('wrong' in file) return [error(where, file.wrong, file.right)];
  if (file.expired === undefined) return [];
  return [warning(where, `has an expired certificate (${file.expired})`, 'renew it')];
}
