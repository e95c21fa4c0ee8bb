import { EXIT, type ExitCode } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { octal } from '../render/file.ts';
import { render } from '../render/render.ts';
import { maskSecrets } from '../settings/hiding/mask.ts';
import { loadSettings, withFile } from './load.ts';

async function printFiles(call: Call): Promise<ExitCode> {
  const { settings } = await loadSettings(withFile(call));
  const files = render(maskSecrets(settings));
  printReport(call, files, () =>
    files.flatMap(({ path, mode, content }) => [`==> ${path} (mode ${octal(mode)})`, content]),
  );
  return EXIT.ok;
}

export const renderVerb = verb(
  {
    name: 'render',
    words: ['[FILE]'],
    summary: 'Print every file that start would write, with secrets as ***.',
    details: 'FILE is read in place of /etc/hikyaku/relay.yaml.',
    options: JSON_OPTION,
  },
  printFiles,
);
