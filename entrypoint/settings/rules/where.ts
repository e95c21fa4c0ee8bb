import { type Given, isGiven, whereOf } from '../given.ts';

/** Where the keys of a section stand, and whether they were given. */
export const keysOf = (path: string, given: Given) => ({
  where: (key: string): string => whereOf(given, `${path}.${key}`),
  has: (key: string): boolean => isGiven(given, `${path}.${key}`),
});
