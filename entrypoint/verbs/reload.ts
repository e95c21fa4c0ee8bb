import { changedFiles, installFiles } from '../apply/install-files.ts';
import { findPostfix } from '../apply/reload-postfix.ts';
import { EXIT, type ExitCode, SettingsError } from '../errors.ts';
import { nameOf } from '../render/file.ts';
import { policy } from '../render/policy.ts';
import { render, TABLE_NAMES } from '../render/render.ts';
import { problemLine } from '../settings/problem.ts';
import { loadSettings } from './load.ts';
import type { Call, Verb } from './verb.ts';

async function reload(call: Call): Promise<ExitCode> {
  const reloadPostfix = findPostfix();
  const { settings, warnings } = loadOrKeep(call);
  for (const problem of warnings) call.warn(problemLine(problem));
  const files = render(settings);
  const changed = changedFiles(files).map(nameOf);
  await installFiles(files, TABLE_NAMES, Date.now());
  reloadPostfix();
  for (const line of policy(settings)) call.print(line);
  call.print(
    changed.length === 0
      ? 'reloaded; nothing had changed'
      : `reloaded; changed: ${changed.join(', ')}`,
  );
  return EXIT.ok;
}

function loadOrKeep({ environment, warn }: Call) {
  try {
    return loadSettings(environment);
  } catch (fault) {
    if (fault instanceof SettingsError) warn('nothing was changed, Postfix runs on as it was:');
    throw fault;
  }
}

export const reloadVerb: Verb = {
  name: 'reload',
  usage: 'reload',
  describe: 'Read file, environment and secrets again; apply them if they are good.',
  run: reload,
};
