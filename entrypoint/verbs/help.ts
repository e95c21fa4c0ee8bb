import { EXIT, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import type { Verbs } from '../cli/program.ts';
import { type Description, JSON_OPTION, type Verb, verb, type World } from '../cli/verb.ts';
import { verbHelp, verbList } from '../cli/verb-help.ts';
import { didYouMean } from '../settings/naming/names.ts';
import {
  defaultWords,
  type Reference,
  references,
  variableText,
} from '../settings/naming/reference.ts';
import { parametersOf } from '../settings/setting.ts';

/** The help of one setting, for machines. */
const plain = (reference: Reference) => ({
  key: reference.path,
  variable: reference.variable,
  secret: reference.setting.secret,
  shape: reference.setting.shape,
  describe: reference.setting.describe,
  default: defaultWords(reference.setting),
  example: reference.setting.example,
  postfix: parametersOf(reference.setting),
  known: reference.setting.known,
});

const WIDTH = 34;

/** A long name has its text on the next line. */
const column = (name: string, text: string): string =>
  name.length < WIDTH
    ? `  ${name.padEnd(WIDTH)}${text}`
    : `  ${name}\n  ${' '.repeat(WIDTH)}${text}`;

const settingList = (command: string): readonly string[] => [
  'Settings, by variable, or by the key in relay.yaml where there is no variable:',
  '',
  ...references().map(({ variable, path, setting }) => column(variable ?? path, setting.describe)),
  '',
  `"${command} help SETTING" says more of one; docs/settings.md of all.`,
];

/** How one would give the setting, in a variable or in the file. */
function exampleLine({ path, variable, setting }: Reference): string {
  if (variable !== undefined) return `${variable}=${setting.example}`;
  if (path === 'postfix') return `POSTFIX_${setting.example}`;
  return `${path.slice(path.lastIndexOf('.') + 1)}: ${setting.example}`;
}

const detail = (reference: Reference): readonly string[] => [
  `${reference.path} (${variableText(reference)})`,
  `  ${reference.setting.describe}`,
  ...[
    `default: ${defaultWords(reference.setting)}`,
    `example: ${exampleLine(reference)}`,
    ...(reference.setting.known === undefined
      ? []
      : [`known are: ${reference.setting.known.join(', ')}`]),
    ...(parametersOf(reference.setting).length === 0
      ? []
      : [`in Postfix: ${parametersOf(reference.setting).join(', ')}`]),
  ].map((line) => `  ${line}`),
];

/** Every name under which a setting is asked for, the most particular one first. */
const namesOf = ({ path, variable, setting }: Reference): readonly (readonly string[])[] => {
  const sections = [...path.matchAll(/\[\]\.|\./g)].map(({ index }) => path.slice(0, index));
  return [
    [
      path,
      ...(variable === undefined ? [] : [variable]),
      ...(path === 'postfix' ? ['POSTFIX_'] : []),
    ],
    sections,
    [path.slice(path.lastIndexOf('.') + 1)],
    parametersOf(setting),
  ];
};

/** The settings of a word: one by its full name, several by a section or a last key. */
function find(asked: string): readonly Reference[] {
  const name = asked.replaceAll(/\[\d+\]/g, '[]').toLowerCase();
  const all = references();
  for (const level of [0, 1, 2, 3]) {
    const found = all.filter((one) =>
      namesOf(one)[level]?.some((known) => known.toLowerCase() === name),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** The help for a word, as text and for machines. */
interface Answer {
  readonly lines: readonly string[];
  readonly data: unknown;
}

const plainVerb = ({ name, words = [], summary, options = {} }: Description) => ({
  name,
  words,
  summary,
  options: Object.keys(options),
});

function answer(verbs: readonly Description[], asked: string | undefined, command: string): Answer {
  const settings = references().map(plain);
  if (asked === undefined) {
    return { lines: verbList(verbs, command), data: { verbs: verbs.map(plainVerb), settings } };
  }
  if (asked === 'settings') return { lines: settingList(command), data: settings };
  const one = verbs.find(({ name }) => name === asked);
  if (one !== undefined) return { lines: verbHelp(one, command), data: plainVerb(one) };
  const found = find(asked);
  if (found.length === 0) throw unknown(verbs, asked, command);
  const lines = found.flatMap((each, at) => (at === 0 ? detail(each) : ['', ...detail(each)]));
  return { lines, data: found.map(plain) };
}

function unknown(verbs: readonly Description[], asked: string, command: string): UserError {
  const settings = references().flatMap((one) => namesOf(one)[0] ?? []);
  const known = [...verbs.map(({ name }) => name), ...settings];
  const right = didYouMean(asked, known, `"${command} help settings"`);
  return new UserError(`"${asked}" is no verb and no setting; ${right}`, EXIT.usage);
}

/** @param verbs all verbs of the program, this one among them */
export const helpVerb = <X extends World>(verbs: Verbs<X>): Verb<World> =>
  verb(
    {
      name: 'help',
      words: ['[VERB | SETTING]'],
      summary: 'List the verbs, or explain a verb or a setting.',
      options: JSON_OPTION,
    },
    async ({ words: [asked], command, json, print }) => {
      const all = await Promise.all(Object.values(verbs).map((load) => load()));
      const { lines, data } = answer(all, asked, command);
      printReport({ json, print }, data, () => lines);
      return EXIT.ok;
    },
  );
