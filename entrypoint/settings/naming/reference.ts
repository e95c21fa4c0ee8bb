import type { Fields, Items, Setting } from '../setting.ts';
import { settingsTable } from '../table.ts';
import { variableName } from './names.ts';

/** One setting as the help, the reference page and the schema speak of it. */
export interface Reference {
  /** Its place in the file: `relay.host`, `accounts[].sender`. */
  readonly path: string;
  /** The variable; absent in a list of sections, and for `postfix`, which has a family. */
  readonly variable: string | undefined;
  readonly setting: Setting<unknown>;
}

/** A list of sections, such as `accounts`. */
export interface ItemsReference {
  readonly path: string;
  readonly items: Items<Fields>;
}

/** Every setting in the order of the table, those in lists of sections among them. */
export const references = (fields: Fields = settingsTable, prefix = ''): readonly Reference[] =>
  Object.entries(fields).flatMap(([key, node]) => referencesAt(node, prefix + key));

function referencesAt(node: Fields[string], path: string): readonly Reference[] {
  switch (node.kind) {
    case 'setting':
      return [{ path, variable: variableOf(path), setting: node }];
    case 'section':
      return references(node.fields, `${path}.`);
    case 'items':
      return references(node.fields, `${path}[].`);
  }
}

const variableOf = (path: string): string | undefined =>
  path === 'postfix' || path.includes('[]') ? undefined : variableName(path);

/** Every list of sections: they are given only in YAML. */
export const itemsReferences = (
  fields: Fields = settingsTable,
  prefix = '',
): readonly ItemsReference[] =>
  Object.entries(fields).flatMap(([key, node]) => itemsAt(node, prefix + key));

function itemsAt(node: Fields[string], path: string): readonly ItemsReference[] {
  switch (node.kind) {
    case 'setting':
      return [];
    case 'section':
      return itemsReferences(node.fields, `${path}.`);
    case 'items':
      return [{ path, items: node }];
  }
}

/** The variable that gives the setting, or how it is given instead. */
export const variableText = ({ path, variable }: Reference): string =>
  variable ?? (path === 'postfix' ? 'POSTFIX_parameter' : 'in YAML only');

/** The default in words. */
export function defaultWords({ default: value, defaultText, shape }: Setting<unknown>): string {
  if (defaultText !== undefined) return defaultText;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === undefined || shape !== 'one') return 'none';
  return String(value);
}
