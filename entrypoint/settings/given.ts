import { displayName } from './names.ts';
import type { Problem } from './problem.ts';

/** A text that somebody gave, and where. */
export interface GivenText {
  /** The variable, or the place in the file and the key. */
  readonly where: string;
  readonly text: string;
}

/** What was given for one setting, before any of it is validated. */
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
  /** Where each item of a list of sections stands: `accounts.0` -> `relay.yaml:9:5 accounts[0]`. */
  readonly places: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
  /** That there was a file that could not be read, so that nobody knows what else was given. */
  readonly isIncomplete: boolean;
  /** Secrets that were given and are not among the values, since another one counts. */
  readonly otherSecrets?: readonly string[];
}

/** Where a setting was given, or how the user would give it. */
export function whereOf(given: Given, path: string): string {
  const value = given.values.get(path) ?? given.secretFiles.get(path);
  if (value !== undefined) return value.where;
  const item = /^(.*\.\d+)\./.exec(path)?.[1] ?? '';
  const place = given.places.get(item);
  return place === undefined ? displayName(path) : `${place}${path.slice(item.length)}`;
}

/** Whether somebody gave the setting, well or badly. */
export const isGiven = (given: Given, path: string): boolean =>
  given.values.has(path) || given.secretFiles.has(path);
