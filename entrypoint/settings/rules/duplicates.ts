import { error, type Finding, type Place } from '../finding.ts';
import { quoted } from '../problem.ts';

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
