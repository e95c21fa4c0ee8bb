import { type Given, isGiven, whereOf } from '../given.ts';

/** Where the keys of a section stand, and whether they were given. */
export const keysOf = (path: string, given: Given) => ({
  where: (key: string): string => whereOf(given, `${path}.${key}`),
  has: (key: string): boolean => isGiven(given, `${path}.${key}`),
});

/** A list that was given and has nothing in it; one whose entries are all wrong is another matter. */
export function isEmptyList(given: Given, path: string): boolean {
  const value = given.values.get(path);
  return value?.shape === 'list' && value.items.length === 0;
}
