import type { Facts } from '../facts.ts';
import { type Given, whereOf } from '../given.ts';
import { error, type Problem, quoted, warning } from '../problem.ts';
import type { RawSettings } from '../table.ts';
import { isDomain } from '../validators/host.ts';
import { duplicates } from './duplicates.ts';

/** An address that stands on the left side twice, in each of the address tables. */
export function checkTables(raw: RawSettings, given: Given): Problem[] {
  return (['generic', 'canonical', 'virtual'] as const).flatMap((path) => {
    const value = given.values.get(path);
    const rows = value?.shape === 'table' ? value.rows : [];
    const places = raw[path].map(({ from }) => ({
      name: from,
      where: rows.findLast((row) => row.from.text === from)?.from.where ?? whereOf(given, path),
    }));
    return [
      ...duplicates(places, 'is rewritten twice', 'keep one of the lines'),
      ...places.flatMap(forgottenAt),
    ];
  });
}

/** `linux.myhome.net` is read as the name of a user: hardly what was meant. */
function forgottenAt({ name, where }: { name: string; where: string }): readonly Problem[] {
  if (name.includes('@') || name.split('.').length < 3 || !isDomain(name)) return [];
  const wrong = `${quoted(name)} has no "@", so it is taken for the name of a user`;
  return [warning(where, wrong, `write @${name} for every address of the domain`)];
}

/** What a table of addresses makes of one: the whole address first, then its domain. */
function rewritten(rows: RawSettings['canonical'], address: string): string {
  const at = address.lastIndexOf('@');
  const keys = [address, address.slice(at)].map((key) => key.toLowerCase());
  const to = rows.find(({ from }) => from.toLowerCase() === keys[0])?.to;
  const wide = to ?? rows.find(({ from }) => from.toLowerCase() === keys[1])?.to ?? address;
  return wide.startsWith('@') ? address.slice(0, at) + wide : wide;
}

/**
 * Postfix looks again at what canonical made of an address (cleanup_map11.c); entries that lead back
 * to themselves make it refuse the message.
 */
export function checkCircles({ canonical }: RawSettings, given: Given): Problem[] {
  const circle = canonical.find(({ to }) => {
    let address = to.startsWith('@') ? `user${to}` : to;
    for (const _ of canonical) {
      const next = rewritten(canonical, address);
      if (next.toLowerCase() === address.toLowerCase()) return false;
      address = next;
    }
    return rewritten(canonical, address).toLowerCase() !== address.toLowerCase();
  });
  if (circle === undefined) return [];
  const wrong = `${quoted(circle.from)} is rewritten in a circle: Postfix would refuse such mail`;
  return [error(whereOf(given, 'canonical'), wrong, 'take one of the lines away')];
}

export function checkMapType(
  { map_type: type, database }: RawSettings,
  given: Given,
  facts: Facts,
): Problem[] {
  const has = (wanted: string): boolean => facts.tableTypes?.includes(wanted) ?? true;
  const types = facts.tableTypes?.join(', ') ?? '';
  const missing = (path: string, wanted: string): Problem[] => {
    const wrong = `this Postfix has no tables of type ${wanted}`;
    return [error(whereOf(given, path), wrong, `use one that it has: ${types}`)];
  };
  return [
    ...(type === 'texthash' || has(type) ? [] : missing('map_type', type)),
    ...(database.driver === undefined || has(database.driver)
      ? []
      : missing('database.driver', database.driver)),
  ];
}
