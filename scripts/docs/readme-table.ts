import {
  defaultWords,
  references,
  variableText,
} from '../../entrypoint/settings/naming/reference.ts';
import { anchor, code, markdownTable } from './markdown.ts';
import { withMarked } from './marked.ts';
import { headingOf } from './settings-page.ts';

/** The settings that most relays need, in the order in which people meet them. */
const MOST_USED = [
  'RELAY_PROVIDER',
  'RELAY_HOST',
  'RELAY_PORT',
  'RELAY_USERNAME',
  'RELAY_PASSWORD_FILE',
  'RELAY_SEND_AS',
  'RELAY_GENERIC',
  'RELAY_VIRTUAL',
  'RELAY_NETWORKS',
  'RELAY_MYHOSTNAME',
];

/** The table of the most used settings, each linked to its section of the page. */
function settingsTable(): string {
  const all = references();
  const rows = MOST_USED.map((name) => {
    const reference = all.find(({ variable }) => variable === name);
    if (reference === undefined) throw new Error(`${name} is not a setting`);
    return [
      `[${code(variableText(reference))}](docs/settings.md#${anchor(headingOf(reference))})`,
      defaultWords(reference.setting),
      reference.setting.describe,
    ];
  });
  return markdownTable(['Variable', 'Default', 'What it is'], rows);
}

/** The README with its table written anew; a README without the two marks stays as it is. */
export const withSettingsTable = (readme: string): string =>
  withMarked(readme, 'settings', settingsTable());
