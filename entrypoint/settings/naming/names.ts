import { nearest } from '../../messages/nearest.ts';
import type { Fields, Setting } from '../setting.ts';
import { settingsTable } from '../table.ts';

/** A setting and its path in the YAML file, such as `relay.host`. */
export interface NamedSetting {
  readonly path: string;
  readonly setting: Setting<unknown>;
}

/** The settings below some fields, in the order of the table; those of `accounts` left out. */
export function settingsOf(fields: Fields, prefix = ''): readonly NamedSetting[] {
  return Object.entries(fields).flatMap(([key, node]) => settingsAt(node, prefix + key));
}

function settingsAt(node: Fields[string], path: string): readonly NamedSetting[] {
  switch (node.kind) {
    case 'setting':
      return [{ path, setting: node }];
    case 'section':
      return settingsOf(node.fields, `${path}.`);
    case 'items':
      return [];
  }
}

/** The path of the setting that gets the value: of a secret where another setting names its file. */
export const pathOfValue = ({ path, setting: { fileOf } }: NamedSetting): string =>
  fileOf === undefined ? path : path.slice(0, path.lastIndexOf('.') + 1) + fileOf;

/** `RELAY_` and the path in capitals, the section `relay` itself left out. */
export const variableName = (path: string): string =>
  `RELAY_${path
    .replace(/^relay\./, '')
    .replaceAll('.', '_')
    .toUpperCase()}`;

/** The name of a setting that was not given: the variable, or in a list of sections the key. */
export const displayName = (path: string): string => {
  if (/\.\d+/.test(path)) return path.replace(/\.(\d+)/g, '[$1]');
  return variableName(path);
};

/** Every setting that has a variable, by the variable's name; `postfix` has a family instead. */
export const settingsByVariable: ReadonlyMap<string, NamedSetting> = new Map(
  settingsOf(settingsTable)
    .filter(({ path }) => path !== 'postfix')
    .map((named) => [variableName(named.path), named]),
);

const lookIn = (where: string): string => `take it away, or look for the right name in ${where}`;

/** The error for a name that resembles no setting. */
export const LOOK_IT_UP = lookIn('docs/settings.md');

/** The suggestion for an unknown name. */
export function didYouMean(unknown: string, known: Iterable<string>, where: string): string {
  const name = nearest(unknown, known);
  return name === undefined ? lookIn(where) : `did you mean ${name}?`;
}
