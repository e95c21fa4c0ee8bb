import {
  defaultWords,
  itemsReferences,
  type Reference,
  references,
  variableText,
} from '../../entrypoint/settings/naming/reference.ts';
import { parametersOf, type Setting } from '../../entrypoint/settings/setting.ts';
import { fileExample, variableExample } from './example.ts';
import { anchor, code, codeBlock, markdownTable } from './markdown.ts';

const INTRODUCTION = `<!-- Written by "npm run docs" from entrypoint/settings/table.ts: do not edit. -->

# Settings

This page lists every setting. Give a setting as an environment variable of the container, or as a line in the file \`/etc/hikyaku/relay.yaml\`. If both are given, the variable wins.

${codeBlock('sh', "docker run -e RELAY_HOST=mail.isp.example -e RELAY_NETWORKS='attached, 192.168.1.0/24' ...")}
${codeBlock(
  'yaml',
  `relay:
  host: mail.isp.example
networks: [attached, 192.168.1.0/24]`,
)}
- **The file.** \`RELAY_CONFIG_FILE\` names another path. \`RELAY_CONFIG\` can hold the whole text of the file instead.
- **Not set.** An empty variable or line counts as not set, and the default applies.
- **Several values.** Separate them by commas or blanks in a variable. Write a list in the file, as above.
- **Address tables.** In a variable: \`from=to, from=to\`. In the file: a line \`from: to\` for each; quote an address that starts with \`@\`.
- **Passwords.** Each can be read from a file: \`RELAY_PASSWORD_FILE=/run/secrets/isp\`, or \`password_file: /run/secrets/isp\`. One line break at the end of that file is dropped. Put a password in relay.yaml itself into single quotes (\`'...'\`): without them, YAML reads \` #\` as the start of a comment. Write a single quote inside twice.
- **Yes or no.** \`yes\`, \`true\`, \`on\` and \`1\` mean yes; \`no\`, \`false\`, \`off\` and \`0\` mean no.
- **Mistakes.** Invalid settings stop the start (exit code 78), and all errors are listed at once: where, what is wrong, what would be right. \`docker run --rm ... hikyaku:dev check\` only checks.
- **In an editor.** [schema.json](../schema.json) lets editors complete and check relay.yaml. In VS Code with the YAML extension, write \`# yaml-language-server: $schema=schema.json\` (with the path to that file) as its first line.
`;

/** The heading of a setting: the name by which people look for it. */
export const headingOf = (reference: Reference): string =>
  reference.variable ?? (reference.path === 'postfix' ? variableText(reference) : reference.path);

const linkTo = (reference: Reference): string =>
  `[${code(headingOf(reference))}](#${anchor(headingOf(reference))})`;

const parameterLink = (name: string): string =>
  `[${name}](https://www.postfix.org/postconf.5.html#${name})`;

/** The lines of a setting's section beside its description. */
function facts({ path, setting }: Reference): string {
  const lines = [`In the file: ${code(path)}`, `Default: ${defaultWords(setting)}`];
  const parameters = parametersOf(setting);
  if (parameters.length > 0) {
    lines.push(`Postfix parameters: ${parameters.map(parameterLink).join(', ')}`);
  }
  return lines.map((line) => `- ${line}\n`).join('');
}

/** More than a sentence, where there is a list that people look things up in. */
const more = ({ setting: { known } }: Reference): string =>
  known === undefined ? '' : `\nKnown are: ${known.map(code).join(', ')}.\n`;

function settingSection(reference: Reference): string {
  const variable = variableExample(reference);
  return `### ${headingOf(reference)}

${reference.setting.describe}
${more(reference)}
${facts(reference)}
${variable === undefined ? '' : `${codeBlock('ini', variable)}\n`}${codeBlock('yaml', fileExample(reference))}`;
}

/** A setting of a list of sections that is the same as one described before: a line with a link. */
function sharedLine(reference: Reference, original: Reference): string {
  const key = reference.path.slice(reference.path.lastIndexOf('.') + 1);
  return `- ${code(key)}: as ${linkTo(original)}\n`;
}

/** The files of one secret in several sections. */
const isSameFile = (one: Setting<unknown>, other: Setting<unknown>): boolean =>
  one.fileOf !== undefined && one.fileOf === other.fileOf && one.describe === other.describe;

function itemsSection(path: string, describe: string, all: readonly Reference[]): string {
  const own = all.filter((one) => one.path.startsWith(`${path}[].`));
  const outside = all.filter((one) => !one.path.includes('[]'));
  const originalOf = (one: Reference) =>
    outside.find(({ setting }) => setting === one.setting || isSameFile(setting, one.setting));
  const shared = own.flatMap((one) => {
    const original = originalOf(one);
    return original === undefined ? [] : [sharedLine(one, original)];
  });
  const particular = own.filter((one) => originalOf(one) === undefined);
  return `## ${path}

${describe} This is a list: write it in the file (or in \`RELAY_CONFIG\`), each entry starting with \`- \`.

${shared.join('')}
${particular.map(settingSection).join('\n')}`;
}

/** The whole page docs/settings.md. */
export function settingsPage(): string {
  const all = references();
  const outside = all.filter(({ path }) => !path.includes('[]'));
  const overview = markdownTable(
    ['Setting', 'In the file', 'Default'],
    outside.map((one) => [linkTo(one), code(one.path), defaultWords(one.setting)]),
  );
  const lists = itemsReferences().map(({ path, items }) => itemsSection(path, items.describe, all));
  const links = itemsReferences().map(({ path }) => `[${code(path)}](#${anchor(path)})`);
  return `${INTRODUCTION}
## All settings

${overview}
Lists of sections, only in the file: ${links.join(', ')}.

${outside.map(settingSection).join('\n')}
${lists.join('\n')}`;
}
