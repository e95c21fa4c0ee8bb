import { PEERS } from '../../entrypoint/migration/peers.ts';
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
    ['entrypoint/migration/names.json', jsonText(foreignNames())],
    ['README.md', withSettingsTable(read('README.md'))],
    ['docs/operation.md', withExitCodes(read('docs/operation.md'))],
    ...pictures(),
  ]);

/** The names that other images' variables have, without what is made of their values. */
const foreignNames = () =>
  PEERS.map(({ name: image, variables }) => ({
    name: image,
    variables: variables.map(({ name, ours, why, common }) => ({
      name,
      ...(ours === undefined ? {} : { ours }),
      why,
      common,
    })),
  }));
