/** Proposed changes to settings, and the given settings with these changes. */
import { type Given, nameOf } from './naming/given.ts';
import { settingsOf } from './naming/names.ts';
import type { Setting } from './setting.ts';
import { settingsTable } from './table.ts';

/** A value for one setting, or one more item for a list. */
export type Change =
  | { readonly path: string; readonly set: string }
  | { readonly path: string; readonly add: string };

const known: ReadonlyMap<string, Setting<unknown>> = new Map(
  settingsOf(settingsTable).map(({ path, setting }) => [path, setting]),
);

/** The items of a list as they are given, or else as the default has them. */
function itemsOf(given: Given, path: string): readonly string[] {
  const value = given.values.get(path);
  if (value?.shape === 'list') return value.items.map(({ text }) => text);
  // The defaults of lists are written as one would type them.
  const { defaultText = '' } = known.get(path) ?? {};
  return defaultText.split(/[\s,]+/).filter((text) => text !== '');
}

/** The value of the setting after the change. */
export const changedValue = (given: Given, change: Change): string | readonly string[] =>
  'set' in change ? change.set : [...new Set([...itemsOf(given, change.path), change.add])];

/** The given settings with the changes. */
export function withChanges(given: Given, changes: readonly Change[]): Given {
  const values = new Map(given.values);
  const secretFiles = new Map(given.secretFiles);
  const changed: Given = { ...given, values, secretFiles };
  for (const change of changes) {
    const { path } = change;
    const where = nameOf(given, path);
    const value = changedValue(changed, change);
    values.set(
      path,
      typeof value === 'string'
        ? { shape: 'one', where, text: value }
        : { shape: 'list', where, items: value.map((text) => ({ where, text })) },
    );
    secretFiles.delete(path);
  }
  return changed;
}
