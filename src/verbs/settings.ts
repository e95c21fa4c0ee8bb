/** Verbs that look at settings on this machine: no Docker, no Postfix. */
import { EXIT, type ExitCode } from '../../entrypoint/cli/errors.ts';
import { type Call, JSON_OPTION, verb } from '../../entrypoint/cli/verb.ts';
import { problemLine } from '../../entrypoint/messages/problem.ts';
import { policy } from '../../entrypoint/render/policy.ts';
import { render } from '../../entrypoint/render/render.ts';
import { maskSecrets } from '../../entrypoint/settings/hiding/mask.ts';
import { type HostSettings, hostSettings } from '../host-settings.ts';

/** The default file of `check` and `render`. */
const DEFAULT_FILE = 'relay.yaml';

const read = ({ environment, words: [file] }: Call): HostSettings =>
  hostSettings(environment, file ?? DEFAULT_FILE, file !== undefined);

async function check(call: Call): Promise<ExitCode> {
  const { settings, warnings, unknown } = read(call);
  const shown = policy(settings);
  if (call.json) {
    const all = { ok: true, problems: warnings, unknown, policy: shown };
    call.print(JSON.stringify(all, null, 2));
    return EXIT.ok;
  }
  for (const problem of warnings) call.warn(problemLine(problem));
  for (const line of shown) call.print(line);
  for (const line of unknown) call.print(`not known on this machine: ${line}`);
  call.print('the settings are good, as far as can be told without the container');
  return EXIT.ok;
}

async function printFiles(call: Call): Promise<ExitCode> {
  const { settings, unknown } = read(call);
  const files = render(maskSecrets(settings));
  if (call.json) {
    call.print(JSON.stringify(files, null, 2));
    return EXIT.ok;
  }
  for (const line of unknown) call.print(`# not known on this machine: ${line}`);
  for (const { path, mode, content } of files) {
    call.print(`==> ${path} (mode ${mode.toString(8).padStart(4, '0')})`);
    call.print(content);
  }
  return EXIT.ok;
}

export const checkVerb = verb(
  {
    name: 'check',
    words: ['[FILE]'],
    summary: 'Check the settings (relay.yaml and the variables) without Docker.',
    options: JSON_OPTION,
  },
  check,
);

export const renderVerb = verb(
  {
    name: 'render',
    words: ['[FILE]'],
    summary: 'Print every file that the relay would write, with secrets as ***.',
    options: JSON_OPTION,
  },
  printFiles,
);
