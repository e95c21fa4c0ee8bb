import { jsonText } from './json.ts';
import { pictures } from './pictures.ts';
import { withSettingsTable } from './readme-table.ts';
import { relayFileSchema } from './schema.ts';
import { settingsPage } from './settings-page.ts';

/** Everything that is written from the table of settings and the code, by its path in the project. */
export const generatedFiles = (readme: string): ReadonlyMap<string, string> =>
  new Map([
    ['docs/settings.md', settingsPage()],
    ['schema.json', jsonText(relayFileSchema())],
    ['README.md', withSettingsTable(readme)],
    ...pictures(),
  ]);
