import { defaultWords, references, variableText } from '../../entrypoint/settings/reference.ts';
import { anchor, code, markdownTable } from './markdown.ts';
import { headingOf } from './settings-page.ts';

const START = '<!-- settings:start -->\n';
const END = '<!-- settings:end -->';

/** The table of all settings that have a variable, each linked to its section of the page. */
function settingsTable(): string {
  const rows = references()
    .filter(({ path }) => !path.includes('[]'))
    .map((reference) => [
      `[${code(variableText(reference))}](docs/settings.md#${anchor(headingOf(reference))})`,
      defaultWords(reference.setting),
      reference.setting.describe,
    ]);
  return markdownTable(['Variable', 'Default', 'What it is'], rows);
}

/** The README with its table written anew; a README without the two marks stays as it is. */
export function withSettingsTable(readme: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END, start);
  if (start < 0 || end < 0) return readme;
  return `${readme.slice(0, start + START.length)}\n${settingsTable()}\n${readme.slice(end)}`;
}
