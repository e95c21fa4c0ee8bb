/**
 * What a rule finds: the setting's path, what is wrong, what would be right. Where the setting stands
 * (a variable, line 12 of the file) and how its user calls it is put on once, in `placed`.
 */

import type { Problem } from '../../messages/problem.ts';
import { type Given, nameOf, whereOf } from './given.ts';

/** A setting that is named in a sentence, by its path. */
export interface SettingName {
  readonly setting: string;
}

/** A sentence, with the settings in it still to be named. */
export type Words = string | readonly (string | SettingName)[];

/** The setting in the user's own words: its variable, or its key in the file. */
export const setting = (path: string): SettingName => ({ setting: path });

/** A sentence as a template: say`give ${setting('relay.host')} too`. */
export const say = (
  texts: TemplateStringsArray,
  ...parts: readonly (string | number | SettingName)[]
): Words =>
  texts.flatMap((text, at) => {
    const part = parts[at];
    return part === undefined ? [text] : [text, typeof part === 'number' ? String(part) : part];
  });

/** A setting, and of a list or table the entry that is meant. */
export interface Place {
  readonly path: string;
  readonly entry?: string;
}

export interface Finding extends Place {
  readonly wrong: Words;
  readonly right: Words;
  readonly severity: Problem['severity'];
}

const finding =
  (severity: Problem['severity']) =>
  (place: string | Place, wrong: Words, right: Words): Finding => ({
    ...(typeof place === 'string' ? { path: place } : place),
    wrong,
    right,
    severity,
  });

export const error = finding('error');
export const warning = finding('warning');

/** The findings as problems, each with its place and with settings named as the user does. */
export function placed(findings: readonly Finding[], given: Given): readonly Problem[] {
  const entries = new Map<string, ReadonlyMap<string, string>>();
  const whereOfEntry = (path: string, entry: string): string | undefined => {
    const known = entries.get(path) ?? placesOf(given, path);
    entries.set(path, known);
    return known.get(entry);
  };
  const text = (words: Words): string =>
    typeof words === 'string'
      ? words
      : words
          .map((part) => (typeof part === 'string' ? part : nameOf(given, part.setting)))
          .join('');
  return findings.map(({ path, entry, wrong, right, severity }) => ({
    where: (entry === undefined ? undefined : whereOfEntry(path, entry)) ?? whereOf(given, path),
    wrong: text(wrong),
    right: text(right),
    severity,
    setting: path,
  }));
}

/** The place of each entry of a list or table, by its text. */
function placesOf(given: Given, path: string): ReadonlyMap<string, string> {
  const value = given.values.get(path);
  switch (value?.shape) {
    case 'list':
      return new Map(value.items.map(({ text, where }) => [text, where]));
    case 'table':
      return new Map(value.rows.map(({ from }) => [from.text, from.where]));
    default:
      return new Map();
  }
}

/** Maximum number of problems of one kind. Thousands would hide the others. */
export const FEW = 20;

/**
 * The first few problems with each setting, and the number of the others.
 * @param pathOf the setting's path; those of no known setting count together
 */
export function fewOfEach<P extends Pick<Problem, 'severity'> & { wrong: Words; right: Words }>(
  problems: readonly P[],
  pathOf: (problem: P) => string,
): readonly P[] {
  const groups = Map.groupBy(
    problems,
    (one) => `${one.severity} ${pathOf(one).replace(/\.\d+(?=\.|$)/g, '')}`,
  );
  const kept = new Map<P, P>();
  for (const group of groups.values()) {
    const more = group.length - FEW;
    for (const one of more > 1 ? group.slice(0, FEW) : group) kept.set(one, one);
    const next = group[FEW];
    if (more > 1 && next !== undefined) {
      const wrong = `this and ${more - 1} more problems are like those above`;
      kept.set(next, { ...next, wrong, right: 'mend those first' });
    }
  }
  return problems.flatMap((one) => kept.get(one) ?? []);
}
