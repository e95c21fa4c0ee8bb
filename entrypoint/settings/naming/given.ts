import type { Problem } from '../../messages/problem.ts';
import { displayName, variableName } from './names.ts';

/** A given text, and its place. */
export interface GivenText {
  /** The variable, or the place in the file and the key. */
  readonly where: string;
  readonly text: string;
}

/** The value of one setting as given, before validation. */
export type GivenValue =
  | ({ readonly shape: 'one' } & GivenText)
  | { readonly shape: 'list'; readonly where: string; readonly items: readonly GivenText[] }
  | {
      readonly shape: 'table';
      readonly where: string;
      readonly rows: readonly { readonly from: GivenText; readonly to: GivenText }[];
    };

/** A secret that stands in a file: the edge reads it, and it becomes a given text. */
export interface GivenSecretFile {
  readonly where: string;
  readonly file: string;
}

/**
 * Everything that was given, by the path of the setting: `relay.host`, `accounts.0.sender`.
 * `problems` are those met on the way: unknown names, lines that are not YAML.
 */
export interface Given {
  readonly values: ReadonlyMap<string, GivenValue>;
  readonly secretFiles: ReadonlyMap<string, GivenSecretFile>;
  /** The place of each item in a list of sections: `accounts.0` -> `relay.yaml:9:5 accounts[0]`. */
  readonly places: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
  /** Whether a file could not be read, so that other settings may have been given. */
  readonly isIncomplete: boolean;
  /** Secrets that were given and are not among the values, since another one counts. */
  readonly otherSecrets?: readonly string[];
  /** The settings and sections that misspelt names most likely meant, by path: where each stands. */
  readonly meant?: ReadonlyMap<string, string>;
  /** The paths of what the YAML gives; the rest comes from variables. */
  readonly inFile?: ReadonlySet<string>;
}

/** The place of a given setting, or the name under which the user would give it. */
export function whereOf(given: Given, path: string): string {
  const value = given.values.get(path) ?? given.secretFiles.get(path);
  if (value !== undefined) return value.where;
  const item = itemOf(path);
  const place = given.places.get(item);
  const beside = place === undefined ? nameOf(given, path) : `${place}${path.slice(item.length)}`;
  return given.meant?.get(path) ?? beside;
}

/** The entry of a list of sections that a setting is in: `accounts.0.port` -> `accounts.0`. */
const itemOf = (path: string): string => /^(.*\.\d+)\./.exec(path)?.[1] ?? '';

/** How the user calls a setting: by its variable, or by its key where the YAML speaks of the like. */
export function nameOf(given: Given, path: string): string {
  if (itemOf(path) !== '') return displayName(path);
  const all = [...given.values.keys(), ...given.secretFiles.keys(), ...(given.meant?.keys() ?? [])];
  const beside = all.filter((one) => sectionOf(one) === sectionOf(path));
  const isInFile = (beside.length > 0 ? beside : all).some((one) => given.inFile?.has(one));
  return isInFile ? path : variableName(path);
}

const sectionOf = (path: string): string => path.slice(0, path.lastIndexOf('.') + 1);

/** Whether the setting was given, valid or not. */
export const isGiven = (given: Given, path: string): boolean =>
  given.values.has(path) || given.secretFiles.has(path);

/**
 * Whether the setting was not given, not even under a misspelt name. A misspelt name has its own
 * error already, so its consequences are not reported.
 */
export function isMissing(given: Given, path: string): boolean {
  if (isGiven(given, path)) return false;
  const above = path.split('.').map((_, at, keys) => keys.slice(0, at + 1).join('.'));
  return !above.some((one) => given.meant?.has(one));
}
