import { EXIT, type ExitCode, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import type { Verb } from '../cli/verb.ts';
import { didYouMean } from '../settings/names.ts';
import { defaultWords, type Reference, references, variableText } from '../settings/reference.ts';
import { parametersOf } from '../settings/setting.ts';

/** What `help` says of one setting, for machines. */
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

const overview = (verbs: readonly Verb[]): readonly string[] => [
  'hikyaku VERB [--help]',
  '',
  ...verbs.map(({ usage, describe }) => column(usage, describe)),
  '',
  'Settings, by variable, or by the key in relay.yaml where there is no variable:',
  '',
  ...references().map(({ variable, path, setting }) => column(variable ?? path, setting.describe)),
  '',
  '"hikyaku help SETTING" says more of one; docs/settings.md of all.',
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

/** The settings that somebody may mean: one by its full name, several by a section or a last key. */
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

/** What there is to say of a word, as text and for machines. */
interface Answer {
  readonly lines: readonly string[];
  readonly data: unknown;
}

const plainVerb = ({ name, usage, describe }: Verb) => ({ name, usage, describe });

function answer(verbs: readonly Verb[], asked: string | undefined): Answer {
  if (asked === undefined) {
    const data = { verbs: verbs.map(plainVerb), settings: references().map(plain) };
    return { lines: overview(verbs), data };
  }
  const verb = verbs.find(({ name }) => name === asked);
  if (verb !== undefined) {
    return { lines: [`hikyaku ${verb.usage}`, `  ${verb.describe}`], data: plainVerb(verb) };
  }
  const found = find(asked);
  if (found.length === 0) throw unknown(verbs, asked);
  const lines = found.flatMap((one, index) => (index === 0 ? detail(one) : ['', ...detail(one)]));
  return { lines, data: found.map(plain) };
}

function unknown(verbs: readonly Verb[], asked: string): UserError {
  const settings = references().flatMap((one) => namesOf(one)[0] ?? []);
  const known = [...verbs.map(({ name }) => name), ...settings];
  const right = didYouMean(asked, known, '"hikyaku help"');
  return new UserError(`"${asked}" is no verb and no setting; ${right}`, EXIT.usage);
}

/** @param verbs gives all verbs, this one among them */
export const helpVerb = (verbs: () => Promise<readonly Verb[]>): Verb => ({
  name: 'help',
  usage: 'help [VERB | SETTING] [--json]',
  describe: 'List verbs and settings, or explain one of them.',
  json: true,
  run: async (call): Promise<ExitCode> => {
    const { lines, data } = answer(await verbs(), call.words[0]);
    printReport(call, data, () => lines);
    return EXIT.ok;
  },
});
