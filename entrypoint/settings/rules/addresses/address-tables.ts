import { quoted } from '../../../messages/problem.ts';
import { applied, lookUp } from '../../../postfix/address-lookup.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, type Place, warning } from '../../naming/finding.ts';
import type { RawSettings } from '../../table.ts';
import { isDomain } from '../../validators/host.ts';
import { duplicates } from '../lists.ts';
import { originOf } from './own-names.ts';

/** An address that stands on the left side twice, in each of the address tables. */
export function checkTables(raw: RawSettings): Finding[] {
  return (['generic', 'canonical', 'virtual'] as const).flatMap((path) => {
    const places = raw[path].map(({ from }) => ({ name: from, place: { path, entry: from } }));
    return [
      ...duplicates(places, 'is rewritten twice', 'keep one of the lines'),
      ...places.flatMap(forgottenAt),
      ...checkFromAndTo(places),
    ];
  });
}

/** One line of a table. */
interface Entry {
  readonly name: string;
  readonly place: Place;
}

/** `{from: a@b.example, to: c@d.example}` would be two users of these names. */
function checkFromAndTo(places: readonly Entry[]): readonly Finding[] {
  const [from, to] = ['from', 'to'].map((word) => places.find(({ name }) => name === word));
  if (from === undefined || to === undefined) return [];
  const wrong = '"from" and "to" are taken for the names of two users';
  return [error(from.place, wrong, 'write the two addresses on one line, as "old: new"')];
}

/** `linux.myhome.net` is read as the name of a user: hardly what was meant. */
function forgottenAt({ name, place }: Entry): readonly Finding[] {
  if (name.includes('@') || name.split('.').length < 3 || !isDomain(name)) return [];
  const wrong = `${quoted(name)} has no "@", so it is taken for the name of a user`;
  return [warning(place, wrong, `write @${name} for every address of the domain`)];
}

/** So often Postfix looks again at what canonical made of an address (cleanup_map11.c). */
const MOST_STEPS = 10;

/**
 * Entries of canonical that lead back to themselves, or on for too long: Postfix would refuse the
 * message ("unreasonable ... map nesting").
 */
export function checkCircles(raw: RawSettings, facts: Facts): readonly Finding[] {
  const origin = originOf(raw, facts);
  const rows = new Map(raw.canonical.map(({ from, to }) => [from.toLowerCase(), to]));
  const next = (address: string): string => {
    const hit = lookUp(rows, address, origin);
    if (hit === undefined) return address;
    const to = applied(address, hit.value, hit.extension, true);
    return to.includes('@') ? to : `${to}@${origin.myorigin}`;
  };
  const circle = raw.canonical.find(({ from }) => {
    let address = from.startsWith('@') ? `user${from}` : from;
    if (!address.includes('@')) address = `${address}@${origin.myorigin}`;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const to = next(address);
      if (to.toLowerCase() === address.toLowerCase()) return false;
      address = to;
    }
    return true;
  });
  if (circle === undefined) return [];
  const wrong = `${quoted(circle.from)} is rewritten in a circle, or more than ${MOST_STEPS - 1} times: Postfix would refuse such mail`;
  const place = { path: 'canonical', entry: circle.from };
  return [error(place, wrong, 'remove one of the lines')];
}

export function checkMapType({ map_type: type, database }: RawSettings, facts: Facts): Finding[] {
  const has = (wanted: string): boolean => facts.tableTypes?.includes(wanted) ?? true;
  const types = facts.tableTypes?.join(', ') ?? '';
  const missing = (path: string, wanted: string): Finding[] => {
    const wrong = `this Postfix has no tables of type ${wanted}`;
    return [error(path, wrong, `use one that it has: ${types}`)];
  };
  return [
    ...(type === 'texthash' || has(type) ? [] : missing('map_type', type)),
    ...(database.driver === undefined || has(database.driver)
      ? []
      : missing('database.driver', database.driver)),
  ];
}
