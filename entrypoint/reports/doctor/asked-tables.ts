import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { onOneLine, readComplaint } from '../../advice/foreign/database.ts';
import { type Answer, askTable } from '../../postfix/running/ask-table.ts';
import { CONFIG_DIRECTORY, nameOf, type RenderedFile, SECRET } from '../../render/file.ts';
import { words } from '../../settings/naming/sentence.ts';
import { type Finding, ok, wrongHere } from './diagnosis.ts';

/** How a table is asked for one key. */
export type Ask = (reference: string, key: string) => Promise<Answer>;

/** One question to a table, through the very reference that Postfix uses. */
export interface TableQuestion {
  /** The name below /etc/postfix. */
  readonly name: string;
  /** `lmdb:/etc/postfix/generic` */
  readonly reference: string;
  readonly key: string;
  /** The expected answer of the table; undefined if any answer is right. */
  readonly answer: string | undefined;
}

/** A key that no database has (RFC 2606). */
const NOBODY = 'nobody@hikyaku.invalid';

const REFERENCE = new RegExp(
  `\\b(lmdb|hash|cdb|texthash|mysql|pgsql|sqlite):${CONFIG_DIRECTORY}/([\\w.]+)`,
  'g',
);

/** The first entry of a table's text (postmap(1), "INPUT FILE FORMAT"). */
function firstEntry(content: string): readonly [key: string, value: string] | undefined {
  const line = content.split('\n').find((one) => one !== '' && !one.startsWith('#'));
  const [, key, value] = /^(\S+)\s+(.*)$/.exec(line ?? '') ?? [];
  return key === undefined || value === undefined ? undefined : [key, value];
}

/**
 * The test look-ups for the tables that Postfix uses.
 * @param configuration main.cf and master.cf as they are in force
 * @param files what the settings say should be there
 */
export function tableQuestions(
  configuration: string,
  files: readonly RenderedFile[],
): readonly TableQuestion[] {
  const references = new Map(
    [...configuration.matchAll(REFERENCE)].map(([reference, , name = '']) => [reference, name]),
  );
  return [...references].map(([reference, name]) => {
    const file = files.find((one) => nameOf(one) === name && one.index !== undefined);
    const [key = NOBODY, answer] = file === undefined ? [] : (firstEntry(file.content) ?? []);
    return { name, reference, key, answer };
  });
}

/** Asks every table that main.cf and master.cf name for one entry. */
export async function tableFindings(files: readonly RenderedFile[]): Promise<readonly Finding[]> {
  const configuration = ['main.cf', 'master.cf']
    .map((name) => `${CONFIG_DIRECTORY}/${name}`)
    // The comparison of the running configuration with the settings reports a missing table.
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  return Promise.all(tableQuestions(configuration, files).map(tableFinding));
}

const PATIENCE_SECONDS = 4;

const complaint = (output: string): string =>
  onOneLine(output) || `no answer within ${PATIENCE_SECONDS} s`;

/** One key in one table, through the very reference that Postfix uses. */
export const askForKey: Ask = async (reference, key) => {
  const found = await askTable(reference, key, PATIENCE_SECONDS);
  return 'fault' in found ? { fault: complaint(found.fault) } : found;
};

async function tableFinding({ reference, key, answer }: TableQuestion): Promise<Finding> {
  const found = await askTable(reference, key, PATIENCE_SECONDS);
  const subject = `table ${reference}`;
  if (answer === undefined) {
    if ('answer' in found) return ok('table', subject, words`can be asked`);
    return wrongHere(subject, readComplaint(complaint(found.fault)));
  }
  // Its message is not shown, since it may quote a password.
  const fault = 'fault' in found ? 'unreadable' : 'other-answer';
  return 'answer' in found && found.answer === answer
    ? ok('table', subject, words`answers as the settings say`)
    : wrongHere(subject, { kind: 'table', reference, fault });
}

/** Owner, permissions and age of the files that hold secrets, and of their indexes. */
export const secretFileFindings = (files: readonly RenderedFile[]): readonly Finding[] =>
  files.filter(({ mode }) => mode === SECRET).map(secretFinding);

function secretFinding(file: RenderedFile): Finding {
  const { path } = file;
  const name = nameOf(file);
  const paths = readdirSync(CONFIG_DIRECTORY)
    .filter((one) => one === name || one.startsWith(`${name}.`))
    .map((one) => `${CONFIG_DIRECTORY}/${one}`);
  const stats = paths.map((one) => ({ path: one, stat: statSync(one) }));
  const subject = `file ${path}`;
  const open = stats.find(({ stat }) => stat.uid !== 0 || (stat.mode & 0o077) !== 0);
  if (open !== undefined) {
    return wrongHere(subject, { kind: 'secret-file', path: open.path, fault: 'readable' });
  }
  const source = stats.find((one) => one.path === path);
  if (source === undefined)
    return wrongHere(subject, { kind: 'secret-file', path, fault: 'missing' });
  if (stats.some(({ stat }) => stat.mtimeMs < source.stat.mtimeMs)) {
    return wrongHere(subject, { kind: 'secret-file', path, fault: 'index-older' });
  }
  return ok('secret-file', subject, words`can be read by root only, and so can its index`);
}
