/** Verbs that work on the host as they do in the container: no Docker, no Postfix. */

import { EXIT } from '../entrypoint/cli/errors.ts';
import type { Environment } from '../entrypoint/inputs/environment.ts';
import { policy } from '../entrypoint/render/policy.ts';
import { render } from '../entrypoint/render/render.ts';
import { maskSecrets } from '../entrypoint/settings/mask.ts';
import { type Problem, problemLine } from '../entrypoint/settings/problem.ts';
import { migrateVerb } from '../entrypoint/verbs/migrate.ts';
import { COMMAND } from './command-name.ts';
import { type HostSettings, hostSettings } from './host-settings.ts';
import { requireFile } from './wanted-file.ts';

/** What a verb gets of the world. */
export interface HostCall {
  readonly environment: Environment;
  readonly words: readonly string[];
  readonly json: boolean;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** The file that `check` and `render` read when none is named. */
const DEFAULT_FILE = 'relay.yaml';

const read = ({ environment, words: [file] }: HostCall): HostSettings =>
  hostSettings(environment, file ?? DEFAULT_FILE, file !== undefined);

export async function check(call: HostCall): Promise<number> {
  const { settings, warnings, secretsInFile, unknown } = read(call);
  const shown = policy(settings);
  const notes = secretsInFile.length === 0 ? [] : [bakingNote(secretsInFile)];
  if (call.json) {
    const all = { ok: true, problems: warnings, notes, unknown, policy: shown };
    call.print(JSON.stringify(all, null, 2));
    return EXIT.ok;
  }
  for (const problem of warnings) call.warn(problemLine(problem));
  for (const line of shown) call.print(line);
  for (const line of unknown) call.print(`not known on this machine: ${line}`);
  for (const line of notes) call.print(`note: ${line}`);
  call.print('the settings are good, as far as can be told without the container');
  return EXIT.ok;
}

/** Who wants to bake the file should not find out then. */
const bakingNote = (secrets: readonly Problem[]): string =>
  `a secret stands in the file (${secrets.map(({ where }) => where).join(', ')}): it can be mounted as it is, but "${COMMAND} bake" refuses it; password_file would do for both`;

export async function printFiles(call: HostCall): Promise<number> {
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

export async function migrate(call: HostCall): Promise<number> {
  const [file] = call.words;
  if (file !== undefined && file !== '-') requireFile(file);
  return migrateVerb.run(call);
}
