/**
 * Sentences that name settings. A sentence is data: its settings are references, and only where it is
 * printed does each get the name that the user knows it by, variable or key of the file.
 */
import { type Given, isGiven, nameOf } from './given.ts';
import { displayName, settingsByVariable } from './names.ts';

/** A setting as advice speaks of it. */
export type SettingRef =
  | {
      /** `relay.tls`, `accounts.0.password`, `postfix.inet_protocols`. */
      readonly path: string;
      /** The value that it should get; a row of an address table is a pair. */
      readonly value?: string | readonly [from: string, to: string];
    }
  /** A column in an account's row of a database. */
  | { readonly column: string; readonly row: string }
  /** A setting of an account that is gone, or has another server by now. */
  | { readonly key: string; readonly service: string };

const POSTFIX = 'postfix.';

/** Text and settings in turn. */
export class Sentence {
  readonly parts: readonly (string | SettingRef)[];

  constructor(parts: readonly (string | SettingRef)[]) {
    this.parts = parts;
  }
}

/** How a setting is called. */
export type Names = (ref: SettingRef) => string;

/** A setting, with the value that it should get where one is proposed. */
export const setting = (path: string, value?: string | readonly [string, string]): SettingRef =>
  value === undefined ? { path } : { path, value };

/** The setting behind a variable's name, such as a reply of Postfix quotes. */
export const settingOfName = (name: string): SettingRef => {
  if (name.startsWith('POSTFIX_')) return { path: POSTFIX + name.slice('POSTFIX_'.length) };
  return { path: settingsByVariable.get(name)?.path ?? name.replace(/^RELAY_/, '').toLowerCase() };
};

/** A sentence, as in `` words`set ${setting('relay.tls')} to verify` ``. */
export const words = (
  texts: TemplateStringsArray,
  ...parts: readonly (string | number | SettingRef | Sentence)[]
): Sentence =>
  new Sentence(
    texts.flatMap((text, index) => {
      const part = parts[index];
      if (part === undefined) return [text];
      return part instanceof Sentence ? [text, ...part.parts] : [text, asPart(part)];
    }),
  );

const asPart = (part: string | number | SettingRef): string | SettingRef =>
  typeof part === 'object' ? part : String(part);

/** Says a sentence. */
export type Say = (sentence: Sentence) => string;

/** Says sentences with these names. */
export const sayIn =
  (names: Names): Say =>
  ({ parts }) =>
    parts.map((part) => (typeof part === 'string' ? part : names(part))).join('');

/** The settings that a sentence names, by path: what a program may act upon. */
export const settingsIn = ({ parts }: Sentence): readonly string[] =>
  parts.flatMap((part) => (typeof part === 'object' && 'path' in part ? [part.path] : []));

/** A report with its sentences said, as it is printed in JSON. */
export function said(report: unknown, say: Say): unknown {
  if (report instanceof Sentence) return say(report);
  if (Array.isArray(report)) return report.map((one) => said(one, say));
  if (typeof report !== 'object' || report === null || report instanceof Date) return report;
  return Object.fromEntries(Object.entries(report).map(([key, one]) => [key, said(one, say)]));
}

/** Settings without a variable and a key are described in words. */
function elsewhere(ref: Exclude<SettingRef, { readonly path: string }>): string {
  return 'column' in ref
    ? `"${ref.column}" in the row of ${ref.row}`
    : `"${ref.key}" of the account that was ${ref.service}`;
}

/** `RELAY_TLS=encrypt`, `POSTFIX_inet_protocols=ipv4`, `accounts[0].tls`. */
export const variableNames: Names = (ref) => {
  if (!('path' in ref)) return elsewhere(ref);
  const { path, value } = ref;
  const name = path.startsWith(POSTFIX)
    ? `POSTFIX_${path.slice(POSTFIX.length)}`
    : displayName(path);
  if (value === undefined) return name;
  return `${name}=${typeof value === 'string' ? value : value.join('=')}`;
};

/** The names that the user knows: YAML keys if a file gives the setting or a related one. */
export const namesOf =
  (given: Given): Names =>
  (ref) => {
    if (!('path' in ref) || !isInFile(given, ref.path)) return variableNames(ref);
    const { path, value } = ref;
    const key = /\.\d+/.test(path) ? displayName(path) : path;
    if (value === undefined) return key;
    return `${key}: ${typeof value === 'string' ? value : `{"${value[0]}": ${value[1]}}`}`;
  };

const isInFile = (given: Given, path: string): boolean =>
  isGiven(given, path) ? given.inFile?.has(path) === true : nameOf(given, path) === path;
