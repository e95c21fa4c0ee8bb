import { readdirSync, readFileSync } from 'node:fs';

/** One line of the corpus. */
export interface Case {
  /** The setting that the message must name; empty for settings that are right. */
  readonly setting: string;
  /** The line's right side, as it stands there. */
  readonly text: string;
  /** The YAML file, or the variables. */
  readonly source: string | Readonly<Record<string, string>>;
}

/** A theme: one file of the corpus. */
export interface Theme {
  readonly name: string;
  readonly cases: readonly Case[];
}

const ARROW = ' <- ';

/** `NAME=bare`, `NAME='literal'` and `NAME="with JSON's escapes"`, blanks between them. */
const ASSIGNMENT = /^\s*([^\s=]*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s]*)/;

/** Reads variables as the README of the corpus describes them. */
function variables(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  let rest = text;
  while (rest.trim() !== '') {
    const [all, name, value] = ASSIGNMENT.exec(rest) ?? [];
    if (all === undefined || name === undefined || value === undefined) {
      throw new Error(`no variables: ${rest}`);
    }
    found[name] = valueIn(value);
    rest = rest.slice(all.length);
    if (rest !== '' && !/^\s/.test(rest)) throw new Error(`a blank is missing: ${rest}`);
  }
  return found;
}

function valueIn(text: string): string {
  if (text.startsWith('"')) return String(JSON.parse(text));
  return text.startsWith("'") ? text.slice(1, -1) : text;
}

/**
 * Reads all themes of a folder.
 * @param files what `$FILES` stands for
 */
export function readThemes(folder: URL, files: string): readonly Theme[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => ({
      name: file.slice(0, -'.txt'.length),
      cases: readCases(readFileSync(new URL(file, folder), 'utf8'), files),
    }));
}

const readCases = (content: string, files: string): readonly Case[] =>
  content
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => readCase(line, files));

function readCase(line: string, files: string): Case {
  const arrow = line.indexOf(ARROW);
  const text = arrow < 0 ? line : line.slice(arrow + ARROW.length);
  const withFiles = text.replaceAll('$FILES', files);
  const source = withFiles.startsWith('{') ? withFiles : variables(withFiles);
  return { setting: arrow < 0 ? '' : line.slice(0, arrow), text, source };
}
