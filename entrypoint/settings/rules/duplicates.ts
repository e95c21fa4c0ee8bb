import { error, type Problem, quoted } from '../problem.ts';

/** postmap keeps the first of two equal keys and drops the other: refused instead. */
export function duplicates(
  places: readonly { readonly name: string; readonly where: string }[],
  wrong: string,
  right: string,
): Problem[] {
  const seen = new Set<string>();
  return places.flatMap(({ name, where }) => {
    const key = name.toLowerCase();
    if (key === '' || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [error(where, `${quoted(name)} ${wrong}`, right)];
  });
}
