import { quoted } from '../../messages/problem.ts';
import { error, type Finding, type Place } from '../naming/finding.ts';
import type { Given } from '../naming/given.ts';
import type { RawSettings } from '../table.ts';
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
 * A variable with only commas or blanks would admit every client, the opposite of its purpose.
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

/** postmap keeps the first of two equal keys and drops the other: refused instead. */
export function duplicates(
  places: readonly { readonly name: string; readonly place: string | Place }[],
  wrong: string,
  right: string,
): Finding[] {
  const seen = new Set<string>();
  return places.flatMap(({ name, place }) => {
    const key = name.toLowerCase();
    if (key === '' || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [error(place, `${quoted(name)} ${wrong}`, right)];
  });
}
