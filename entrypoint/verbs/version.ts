import { EXIT } from '../cli/errors.ts';
import { verb } from '../cli/verb.ts';
import about from '../package.json' with { type: 'json' };

export const versionVerb = verb(
  { name: 'version', summary: 'Print the version of Hikyaku.' },
  async ({ print }) => {
    print(`hikyaku ${about.version}`);
    return EXIT.ok;
  },
);
