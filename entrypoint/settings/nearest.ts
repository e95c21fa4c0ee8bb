import { distance } from 'fastest-levenshtein';

/** `RELAY_USER` for `RELAY_USERNAME`, `pass` for `password`. */
const isCutShort = (unknown: string, name: string): boolean =>
  unknown.length >= 3 && name.startsWith(unknown) && name.length - unknown.length <= 4;

/** The known name that looks most like an unknown one, or undefined when none is near. */
export function nearest(unknown: string, known: Iterable<string>): string | undefined {
  let best: { name: string; far: number } | undefined;
  for (const name of known) {
    const far = isCutShort(unknown, name) ? 1 : distance(unknown.toLowerCase(), name.toLowerCase());
    if (best === undefined || far < best.far) best = { name, far };
  }
  const enough = Math.max(2, Math.floor(unknown.length / 4));
  return best !== undefined && best.far <= enough ? best.name : undefined;
}
