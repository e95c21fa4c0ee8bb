import { EXIT, type ExitCode } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import type { Call, Verb } from '../cli/verb.ts';
import { octal } from '../render/file.ts';
import { render } from '../render/render.ts';
import { maskSecrets } from '../settings/mask.ts';
import { loadSettings } from './load.ts';

async function printFiles(call: Call): Promise<ExitCode> {
  const { settings } = await loadSettings(call.environment);
  const files = render(maskSecrets(settings));
  printReport(call, files, () =>
    files.flatMap(({ path, mode, content }) => [`==> ${path} (mode ${octal(mode)})`, content]),
  );
  return EXIT.ok;
}

export const renderVerb: Verb = {
  name: 'render',
  usage: 'render [--json]',
  describe: 'Print every file that start would write, with secrets as ***.',
  json: true,
  run: printFiles,
};
