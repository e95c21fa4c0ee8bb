import { type SettingName, setting } from '../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../naming/given.ts';
import { settingsTable } from '../table.ts';

/** The keys of a section: their places, their names, and whether they were given. */
export const keysOf = (path: string, given: Given) => ({
  where: (key: string): string => `${path}.${key}`,
  name: (key: string): SettingName => setting(`${path}.${key}`),
  has: (key: string): boolean => isGiven(given, `${path}.${key}`),
  lacks: (key: string): boolean => isMissing(given, `${path}.${key}`),
});

/** Whether a given list is empty; a list with only wrong entries is not. */
export function isEmptyList(given: Given, path: string): boolean {
  const value = given.values.get(path);
  return value?.shape === 'list' && value.items.length === 0;
}

/** A list or table that was not given, or given without an entry. */
export function hasNothing(given: Given, path: string): boolean {
  const value = given.values.get(path);
  return value?.shape === 'table'
    ? value.rows.length === 0
    : isMissing(given, path) || isEmptyList(given, path);
}

const OAUTH2_KEYS = Object.keys(settingsTable.relay.fields.oauth2.fields);

/** Whether a section asks for OAuth 2: whether any setting of it was given. */
export const wantsOAuth2 = (path: string, given: Given): boolean =>
  OAUTH2_KEYS.some((key) => isGiven(given, `${path}.oauth2.${key}`));
