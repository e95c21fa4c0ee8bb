import { EXIT, type ExitCode } from '../errors.ts';
import { octal } from '../render/file.ts';
import { render } from '../render/render.ts';
import { maskSecrets } from '../settings/mask.ts';
import { loadSettings } from './load.ts';
import type { Call, Verb } from './verb.ts';

async function printFiles({ environment, print, json }: Call): Promise<ExitCode> {
  const { settings } = await loadSettings(environment);
  const files = render(maskSecrets(settings));
  if (json) {
    print(JSON.stringify(files, null, 2));
    return EXIT.ok;
  }
  for (const { path, mode, content } of files) {
    print(`==> ${path} (mode ${octal(mode)})`);
    print(content);
  }
  return EXIT.ok;
}

export const renderVerb: Verb = {
  name: 'render',
  usage: 'render [--json]',
  describe: 'Print every file that start would write, with secrets as ***.',
  json: true,
  run: printFiles,
};
