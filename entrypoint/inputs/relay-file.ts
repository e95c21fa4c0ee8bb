import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { error, type Problem, warning } from '../messages/problem.ts';
import { FEW } from '../settings/naming/finding.ts';
import type { Given, GivenSecretFile, GivenText, GivenValue } from '../settings/naming/given.ts';
import { LOOK_IT_UP } from '../settings/naming/names.ts';
import { meaningOfKey } from '../settings/naming/other-names.ts';
import type { Fields, Items, Setting } from '../settings/setting.ts';
import { settingsTable } from '../settings/table.ts';
import { givenFromText } from './environment.ts';
import { TAG, TOO_DEEP, yamlDocuments, yamlFault } from './yaml-fault.ts';

/** If a file is not YAML at all, more lines than this do not help. */
const MOST_FAULTS = 10;

/** Maximum number of entries in a list of sections; more accounts belong in a database. */
const MOST_SECTIONS = 10_000;

/**
 * Reads the YAML text with the failsafe schema (YAML 1.2 section 10.1: every scalar is a string),
 * so that a value means the same here as in a variable.
 * @param name what to call the text in messages: the file's name, or `RELAY_CONFIG`
 */
export function readRelayFile(name: string, text: string): Given {
  return new RelayFile(name, text).read();
}

class RelayFile {
  readonly #name: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #values = new Map<string, GivenValue>();
  readonly #secretFiles = new Map<string, GivenSecretFile>();
  readonly #places = new Map<string, string>();
  readonly #problems: Problem[] = [];
  readonly #meant = new Map<string, string>();
  #unknownNames = 0;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  read(): Given {
    // Pretty errors would print the source line, a password's line too.
    const documents = yamlDocuments(this.#text, {
      schema: 'failsafe',
      prettyErrors: false,
      // Duplicate keys are reported here, with the path of the setting.
      uniqueKeys: false,
      lineCounter: this.#lines,
    });
    if (documents === undefined) this.#problem(this.#name, ...yamlFault(TOO_DEEP));
    const [document, second] = documents === undefined || 'empty' in documents ? [] : documents;
    const faulty = documents !== undefined && 'empty' in documents ? documents : document;
    if (faulty !== undefined) this.#faults([...faulty.errors, ...faulty.warnings]);
    const mark = markOf(document?.contents);
    if (mark !== undefined) this.#problem(this.#at(startOf(document?.contents)), ...mark);
    if (second !== undefined) {
      const at = this.#at(second.range[0]);
      this.#problem(at, 'a second document starts here', 'keep everything in one document');
    }
    const contents = document?.contents;
    const isReadable = this.#problems.length === 0;
    if (isReadable) this.#fields(settingsTable, contents, '', '');
    return {
      values: this.#values,
      secretFiles: this.#secretFiles,
      places: this.#places,
      problems: this.#problems,
      isIncomplete: !isReadable || !(isMap(contents) || isEmpty(contents)),
      meant: this.#meant,
      inFile: new Set([...this.#values.keys(), ...this.#secretFiles.keys(), ...this.#meant.keys()]),
    };
  }

  /** The first fault of each line: those behind it mostly follow from it. */
  #faults(faults: readonly YAMLError[]): void {
    const lines = new Set<number>();
    for (const { pos, code } of faults) {
      const { line } = this.#lines.linePos(pos[0]);
      if (lines.has(line) || lines.size === MOST_FAULTS) continue;
      lines.add(line);
      this.#problem(this.#at(pos[0]), ...yamlFault(code));
    }
  }

  #problem(where: string, wrong: string, right: string): void {
    this.#problems.push(error(where, wrong, right));
  }

  #at(offset: number | undefined, key = ''): string {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    return `${this.#name}:${line}:${col}${key === '' ? '' : ` ${key}`}`;
  }

  /** A mapping whose keys are settings; `shown` is the path as the user would write it. */
  #fields(fields: Fields, node: unknown, path: string, shown: string): void {
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      const key = shown.slice(0, -1);
      const what = shown === '' ? 'the file' : key;
      const at = this.#at(startOf(node), key);
      this.#problem(at, 'settings are expected here', `write ${what} as "name: value" lines`);
      return;
    }
    for (const pair of node.items) this.#field(fields, node, pair, path, shown);
    this.#twice(node, shown);
  }

  /** Keys that stand in a mapping a second time: the one would hide the other. */
  #twice(map: YAMLMap, shown: string): void {
    const seen = new Set<string>();
    for (const { key } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (seen.has(name)) this.#problem(this.#at(startOf(key), shownKey(shown, name)), ...TWICE);
      seen.add(name);
    }
  }

  #field(fields: Fields, map: YAMLMap, pair: Pair, path: string, shown: string): void {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const at = this.#at(startOf(pair.key) ?? startOf(map), shownKey(shown, key));
    const mark = markOf(pair.value) ?? markOf(pair.key);
    if (mark !== undefined) {
      this.#problem(at, ...mark);
      return;
    }
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      this.#unknown(fields, key, at, path);
      return;
    }
    switch (field.kind) {
      case 'setting':
        if (field.fileOf === undefined) this.#setting(field, pair.value, at, path + key);
        else this.#secretFile(pair.value, at, path + field.fileOf);
        break;
      case 'section':
        this.#fields(field.fields, pair.value, `${path}${key}.`, `${shown}${key}.`);
        break;
      case 'items':
        this.#items(field, pair.value, at, path + key, shown + key);
        break;
    }
  }

  #secretFile(node: unknown, at: string, path: string): void {
    if (isEmpty(node)) return;
    const file = isScalar(node) ? String(node.value) : '';
    if (isNull(node)) this.#problem(at, ...NULL);
    else if (file === '') this.#problem(at, 'is not the name of a file', 'give a full path');
    else this.#secretFiles.set(path, { where: at, file });
  }

  /** A key that is no setting. */
  #unknown(fields: Fields, key: string, at: string, path: string): void {
    if (key === '<<') {
      this.#problem(at, 'is a YAML merge key ("<<")', 'write the values out');
      return;
    }
    if (key.includes(':')) {
      this.#problem(at, 'a colon has no blank behind it', 'write "name: value"');
      return;
    }
    const plain = key.replace(/_file$/, '');
    if (plain !== key && Object.hasOwn(fields, plain)) {
      this.#meant.set(path + plain, at);
      const right = `only a password can come from a file of its own: give ${plain}`;
      this.#problem(at, 'is not a setting', right);
      return;
    }
    // A file with so many unknown names is not ours, and more suggestions would not help.
    this.#unknownNames += 1;
    const meaning = this.#unknownNames > FEW ? undefined : meaningOfKey(key, fields, path);
    if (meaning !== undefined) this.#meant.set(meaning.path, at);
    const right = meaning?.right ?? LOOK_IT_UP;
    this.#problem(at, 'is not a setting', right);
  }

  #items(field: Items<Fields>, node: unknown, at: string, path: string, shown: string): void {
    if (isEmpty(node)) return;
    if (!isSeq(node)) {
      this.#problem(at, 'a list is expected here', 'start each entry with "- "');
      return;
    }
    if (node.items.length > MOST_SECTIONS) {
      const wrong = `has ${node.items.length} entries`;
      this.#problem(at, wrong, `give ${MOST_SECTIONS} at most; a database holds more`);
      return;
    }
    for (const [index, item] of node.items.entries()) {
      const one = `${shown}[${index}]`;
      this.#places.set(`${path}.${index}`, this.#at(startOf(item), one));
      this.#fields(field.fields, item, `${path}.${index}.`, `${one}.`);
    }
  }

  #setting(setting: Setting<unknown>, node: unknown, at: string, path: string): void {
    if (isNull(node) && !setting.secret) this.#problem(at, ...NULL);
    else if (isScalar(node)) {
      const text = String(node.value);
      if (isNull(node)) this.#problems.push(warning(at, ...NULL_SECRET));
      if (setting.secret && isCutShort(node)) this.#problems.push(warning(at, ...CUT_SHORT));
      if (text !== '') this.#values.set(path, givenFromText(setting, at, text));
    } else if (setting.shape === 'list' && isSeq(node)) {
      this.#values.set(path, { shape: 'list', where: at, items: this.#listItems(node, at) });
    } else if (setting.shape === 'one' && setting.item.isList === true && isSeq(node)) {
      const text = this.#listItems(node, at)
        .map((item) => item.text)
        .join(' ');
      this.#values.set(path, { shape: 'one', where: at, text });
    } else if (setting.shape === 'table' && isMap(node)) {
      this.#values.set(path, { shape: 'table', where: at, rows: this.#rows(setting, node, at) });
    } else if (node !== null) {
      const right = { one: 'give one value', list: 'give a list', table: 'give "from: to" lines' };
      this.#problem(at, 'has another form than this setting takes', right[setting.shape]);
    }
  }

  #listItems(node: YAMLSeq, at: string): readonly GivenText[] {
    const key = keyOf(at);
    return node.items.flatMap((item) => {
      const where = this.#at(startOf(item), key);
      if (isNull(item)) {
        this.#problem(where, ...NULL);
        return [];
      }
      if (isScalar(item)) return [{ where, text: String(item.value) }];
      this.#problem(where, 'a list of plain values is expected here', 'give one value a line');
      return [];
    });
  }

  #rows(
    { item: { isList = false } }: Setting<unknown>,
    node: YAMLMap,
    at: string,
  ): readonly { from: GivenText; to: GivenText }[] {
    const key = keyOf(at);
    this.#twice(node, `${key}.`);
    return node.items.flatMap((pair) => {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const shown = key === 'postfix' ? shownKey('postfix.', name) : key;
      const where = this.#at(startOf(pair.key), shown);
      if (isNull(pair.key) || isNull(pair.value)) {
        this.#problem(where, ...NULL);
        return [];
      }
      // As POSTFIX_x= is: not set.
      if (key === 'postfix' && isNothing(pair.value)) return [];
      if (isScalar(pair.key) && isScalar(pair.value)) {
        const from = { where, text: String(pair.key.value) };
        return [{ from, to: { where, text: String(pair.value.value) } }];
      }
      if (isList && isScalar(pair.key) && isSeq(pair.value)) {
        const all = this.#listItems(pair.value, where).map(({ text }) => text);
        const from = { where, text: String(pair.key.value) };
        return [{ from, to: { where, text: all.join(', ') } }];
      }
      this.#problem(where, 'one value is expected here', 'write it as "from: to"');
      return [];
    });
  }
}

/** "{password:secret}" is one long key, so a key that does not look like a name is not shown. */
const shownKey = (shown: string, key: string): string =>
  /^[\w.-]{1,80}$/.test(key) ? shown + key : shown.slice(0, -1);

/** A password without quotes, with a comment behind it that may well be its end. */
const isCutShort = ({ type, comment }: Scalar): boolean =>
  type === 'PLAIN' && comment !== undefined && comment !== null;

const CUT_SHORT = [
  'ends at the " #" behind it, where YAML begins a comment',
  'put it in single quotes if the rest belongs to it, or the comment on a line of its own',
] as const;

/** YAML's null words without quotes: they are not meant as a value. */
const isNull = (node: unknown): boolean =>
  isScalar(node) && node.type === 'PLAIN' && /^(~|null)$/i.test(String(node.value));

const NULL = [
  'is YAML\'s word for nothing ("null", "~")',
  'take the line away, or put the word in quotes if it is meant',
] as const;

const NULL_SECRET = [
  "is YAML's word for nothing, and is taken for the password itself here",
  'take the line away, or put the word in quotes if it is meant',
] as const;

const TWICE = ['the same key stands here a second time', 'keep one of the two'] as const;

/** YAML's marks on a value, which have no meaning here: an alias, an anchor, a tag. */
function markOf(node: unknown): readonly [wrong: string, right: string] | undefined {
  if (isAlias(node)) return ['is a YAML alias', 'write the value out'];
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  if (node.anchor !== undefined) {
    return [
      'has a YAML anchor ("&")',
      'leave it out; if the "&" belongs to the value, put it in quotes',
    ];
  }
  return node.tag === undefined ? undefined : TAG;
}

/** The key path at the end of a place, for the places of the values below it. */
const keyOf = (at: string): string => at.slice(at.lastIndexOf(' ') + 1);

/** A key without a value, not even quotes. */
const isNothing = (node: unknown): boolean =>
  node === null || (isScalar(node) && node.type === 'PLAIN' && String(node.value ?? '') === '');

/** A key without a value: in the failsafe schema an empty text. */
const isEmpty = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && String(node.value ?? '') === '');

function startOf(node: unknown): number | undefined {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return node.range?.[0];
  return undefined;
}
