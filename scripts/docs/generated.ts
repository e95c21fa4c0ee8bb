import { withExitCodes } from './exit-codes.ts';
import { jsonText } from './json.ts';
import { pictures } from './pictures.ts';
import { withSettingsTable } from './readme-table.ts';
import { relayFileSchema } from './schema.ts';
import { settingsPage } from './settings-page.ts';

/**
 * Everything that is written from the table of settings and the code, by its path in the project.
 * @param read gives a page as it is: of some, only a part is written
 */
export const generatedFiles = (read: (path: string) => string): ReadonlyMap<string, string> =>
  new Map([
    ['docs/settings.md', settingsPage()],
    ['schema.json', jsonText(relayFileSchema())],
    ['README.md', withSettingsTable(read('README.md'))],
    ['docs/operation.md', withExitCodes(read('docs/operation.md'))],
    ...pictures(),
  ]);
