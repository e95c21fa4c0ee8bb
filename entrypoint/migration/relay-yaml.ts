import { stringify } from 'yaml';
import type { Fields } from '../settings/setting.ts';
import { settingsTable } from '../settings/table.ts';
import type { Draft, Value } from './draft.ts';

type Tree = { [key: string]: Value | Tree };

/** The settings below some fields, in the table's order, as in our own files. */
function treeOf(fields: Fields, settings: ReadonlyMap<string, Value>, prefix: string): Tree {
  const tree: Tree = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = settings.get(prefix + key);
    if (field.kind === 'section') {
      const below = treeOf(field.fields, settings, `${prefix}${key}.`);
      if (Object.keys(below).length > 0) tree[key] = below;
    } else if (value !== undefined) {
      tree[key] = value;
    }
  }
  return tree;
}

/** The settings as the text of a relay.yaml. Failsafe: 587 and yes need no quotes. */
export const relayYaml = ({ settings }: Pick<Draft, 'settings'>): string =>
  settings.size === 0
    ? ''
    : stringify(treeOf(settingsTable, settings, ''), { schema: 'failsafe', lineWidth: 0 });

const lines = (title: string, entries: readonly string[]): readonly string[] =>
  entries.length === 0 ? [] : ['', title, ...entries.map((entry) => `- ${entry}`)];

/** The notes beside the settings: the secrets' files, variables without a counterpart, hints. */
export function remarks({ secrets, errors, dropped, notes }: Draft): readonly string[] {
  const [there, toMake] = [
    secrets.filter(({ isThere }) => isThere),
    secrets.filter(({ isThere }) => !isThere),
  ];
  return [
    ...lines(
      'Errors: settle these before you use the file.',
      errors.map(({ name, why }) => `${name}: ${why}`),
    ),
    ...lines(
      'Secrets: they are not written here.',
      toMake.map(
        ({ name, file }) =>
          `${name}: put the password that it holds into a file (umask 077; cat > ${fileName(file)}), and mount that as ${file} (in Compose: secrets)`,
      ),
    ),
    ...lines(
      'Secrets in files: mount them where they were.',
      there.map(({ name, file }) => `${name}: ${file}`),
    ),
    ...lines(
      'No counterpart here:',
      [...Map.groupBy(dropped, ({ why }) => why)].map(
        ([why, all]) => `${[...new Set(all.map(({ name }) => name))].join(', ')}: ${why}`,
      ),
    ),
    ...lines('Worth knowing:', notes),
  ];
}

/** A whole relay.yaml, with the remarks as comments: it can be written to a file as it is. */
export const migrationText = (image: string, draft: Draft): string =>
  [
    `# relay.yaml, from the settings of ${image}. Try it with "hikyaku check".`,
    relayYaml(draft).trimEnd(),
    ...remarks(draft).map((line) => `# ${line}`.trimEnd()),
  ].join('\n');

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
