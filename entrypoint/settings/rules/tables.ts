import type { Facts } from '../facts.ts';
import { type Given, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';
import type { RawSettings } from '../table.ts';
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
    return duplicates(places, 'is rewritten twice', 'keep one of the lines');
  });
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
