import { error, type Finding } from '../finding.ts';
import type { Given } from '../given.ts';
import type { RawSettings } from '../table.ts';
import { duplicates } from './duplicates.ts';
import { isEmptyList } from './keys.ts';

/** The lists that become tables, and those without whose entries everybody may. */
export function checkLists(raw: RawSettings, given: Given): Finding[] {
  const lists = [
    ['allowed_senders', raw.allowed_senders],
    ['allowed_recipients', raw.allowed_recipients],
    ['local.domains', raw.local.domains],
    ['local.mailboxes', raw.local.mailboxes],
  ] as const;
  return [
    ...(['allowed_senders', 'allowed_recipients'] as const).flatMap((path) =>
      checkAnybody(path, given),
    ),
    ...lists.flatMap(([path, names]) => checkTwice(path, names)),
  ];
}

/**
 * A variable with commas or blanks alone would let everybody pass, the opposite of what was meant.
 * `[]` in the file says so plainly.
 */
function checkAnybody(path: string, given: Given): readonly Finding[] {
  if (!isEmptyList(given, path) || given.inFile?.has(path) === true) return [];
  const right = 'name at least one address, or leave it out if any will do';
  return [error(path, 'has no address in it', right)];
}

const checkTwice = (path: string, names: readonly string[]): readonly Finding[] =>
  duplicates(
    names.map((name) => ({ name, place: { path, entry: name } })),
    'is listed twice',
    'keep one of the two',
  );
