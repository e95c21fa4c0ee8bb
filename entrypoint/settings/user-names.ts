import { type Given, isGiven, nameOf } from './given.ts';
import { type NamedSetting, pathOfValue, settingsByVariable } from './names.ts';

/** Says a sentence with the names that the user knows the settings by. */
export type InUserNames = (sentence: string) => string;

/**
 * A variable in a sentence, with the value that it should get, and its key in brackets behind it:
 * `RELAY_TLS=encrypt`, `RELAY_NETWORKS (networks)`.
 */
const VARIABLE = /\b(RELAY_[A-Z_]*[A-Z])(?:=([^\s,;()]+))?( \([a-z_.]+\))?/g;

/**
 * Sentences name settings by their variables. Whoever wrote a file is told its keys instead: of what
 * stands there, and of what would stand there, since the rest of its section does.
 */
export const inUserNames =
  (given: Given): InUserNames =>
  (sentence) =>
    sentence.replaceAll(VARIABLE, (all, variable: string, value?: string, behind = '') => {
      const named = settingsByVariable.get(variable);
      if (named === undefined || !isInFile(given, pathOfValue(named))) return all;
      const key = named.path;
      const rest = behind === ` (${key})` ? '' : behind;
      return (value === undefined ? key : `${key}: ${valueInFile(named, value)}`) + rest;
    });

const isInFile = (given: Given, path: string): boolean =>
  isGiven(given, path) ? given.inFile?.has(path) === true : nameOf(given, path) === path;

/** The row of an address table becomes a table of YAML. */
function valueInFile({ setting }: NamedSetting, value: string): string {
  const at = value.indexOf('=');
  if (setting.shape !== 'table' || at < 0) return value;
  return `{"${value.slice(0, at)}": ${value.slice(at + 1)}}`;
}

/** What of a report is said in sentences of ours; the rest is quoted, or for machines. */
const SENTENCES: ReadonlySet<string> = new Set(['words', 'cause', 'remedy', 'result']);

/** A report with all its sentences said so. */
export function reportInUserNames<R>(report: R, say: InUserNames): R {
  return translated(report, '', say) as R;
}

function translated(value: unknown, key: string, say: InUserNames): unknown {
  if (typeof value === 'string') return SENTENCES.has(key) ? say(value) : value;
  if (Array.isArray(value)) return value.map((one) => translated(one, key, say));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, translated(one, name, say)]),
  );
}
