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
    const lines = new Map(rows.map(({ from }) => [from.text, from.where]));
    const places = raw[path].map(({ from }) => ({
      name: from,
      where: lines.get(from) ?? whereOf(given, path),
    }));
    return [
      ...duplicates(places, 'is rewritten twice', 'keep one of the lines'),
      ...places.flatMap(forgottenAt),
      ...checkFromAndTo(places),
    ];
  });
}

/** `{from: a@b.example, to: c@d.example}` would be two users of these names. */
function checkFromAndTo(places: readonly { name: string; where: string }[]): readonly Problem[] {
  const [from, to] = ['from', 'to'].map((word) => places.find(({ name }) => name === word));
  if (from === undefined || to === undefined) return [];
  const wrong = '"from" and "to" are taken for the names of two users';
  return [error(from.where, wrong, 'write the two addresses on one line, as "old: new"')];
}

/** `linux.myhome.net` is read as the name of a user: hardly what was meant. */
function forgottenAt({ name, where }: { name: string; where: string }): readonly Problem[] {
  if (name.includes('@') || name.split('.').length < 3 || !isDomain(name)) return [];
  const wrong = `${quoted(name)} has no "@", so it is taken for the name of a user`;
  return [warning(where, wrong, `write @${name} for every address of the domain`)];
}

/** What a table of addresses makes of one: the whole address first, then its domain. */
function rewritten(rows: ReadonlyMap<string, string>, address: string): string {
  const at = address.lastIndexOf('@');
  const [whole = '', domain = ''] = [address, address.slice(at)].map((key) => key.toLowerCase());
  const to = rows.get(whole) ?? rows.get(domain) ?? address;
  return to.startsWith('@') ? address.slice(0, at) + to : to;
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Postfix looks again at what canonical made of an address (cleanup_map11.c); entries that lead back
 * to themselves make it refuse the message.
 */
export function checkCircles({ canonical }: RawSettings, given: Given): Problem[] {
  const rows = new Map(canonical.map(({ from, to }) => [from.toLowerCase(), to]));
  const good = new Set<string>();
  const circle = canonical.find(({ to }) => {
    const way: string[] = [];
    let address = to.startsWith('@') ? `user${to}` : to;
    while (!good.has(address.toLowerCase())) {
      if (way.length > canonical.length) return true;
      way.push(address.toLowerCase());
      const next = rewritten(rows, address);
      if (isSame(next, address)) break;
      address = next;
    }
    for (const one of way) good.add(one);
    return false;
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
