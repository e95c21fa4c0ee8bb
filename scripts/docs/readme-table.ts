import { defaultWords, references, variableText } from '../../entrypoint/settings/reference.ts';
import { anchor, code, markdownTable } from './markdown.ts';
import { withMarked } from './marked.ts';
import { headingOf } from './settings-page.ts';

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
export const withSettingsTable = (readme: string): string =>
  withMarked(readme, 'settings', settingsTable());
