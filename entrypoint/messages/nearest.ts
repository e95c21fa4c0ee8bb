import { distance } from 'fastest-levenshtein';

/** `RELAY_USER` for `RELAY_USERNAME`, `pass` for `password`. */
const isCutShort = (unknown: string, name: string): boolean =>
  unknown.length >= 3 && name.startsWith(unknown) && name.length - unknown.length <= 4;

/** `hostname` for `host`, `usernames` for `username`. */
const isTooLong = (unknown: string, name: string): boolean =>
  name.length >= 4 && unknown.startsWith(name) && unknown.length - name.length <= 4;

/** How far an unknown name is from a known one: by what is left out, added or exchanged. */
function farFrom(unknown: string, name: string): number {
  if (isCutShort(unknown, name)) return 1;
  const far = distance(unknown.toLowerCase(), name.toLowerCase());
  return isTooLong(unknown, name) ? Math.min(2, far) : far;
}

/** The known name that is most similar to an unknown one; undefined if all differ too much. */
export function nearest(unknown: string, known: Iterable<string>): string | undefined {
  let best: { name: string; far: number } | undefined;
  for (const name of known) {
    const far = farFrom(unknown, name);
    if (best === undefined || far < best.far) best = { name, far };
  }
  const enough = Math.max(2, Math.floor(unknown.length / 4));
  return best !== undefined && best.far <= enough ? best.name : undefined;
}
