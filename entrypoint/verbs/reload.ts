import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import { checkState } from '../companion/begin.ts';
import { readMounts, replacedFiles } from '../inputs/mounts.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import { problemLine } from '../messages/problem.ts';
import { findPostfix } from '../postfix/running/master.ts';
import { policy } from '../render/policy.ts';
import { applySettings } from './apply.ts';
import { AS_STARTED, environmentOf } from './as-started.ts';
import { loadSettings } from './load.ts';

const OPTIONS = {
  ...JSON_OPTION,
  ...AS_STARTED,
} as const;

async function reload(given: Call<typeof OPTIONS, []>): Promise<ExitCode> {
  const call = { ...given, environment: environmentOf(given) };
  const reloadPostfix = findPostfix();
  const { settings, warnings, files: named } = await loadOrKeep(call);
  if (!call.json) for (const problem of warnings) call.warn(problemLine(problem));
  for (const warning of checkState(settings)) call.warn(warning);
  const changed = await applySettings(settings, named, call.environment, reloadPostfix);
  const stale = replacedFiles(readMounts());
  for (const file of stale) call.warn(staleWords(file));
  const inForce = policy(settings);
  printReport(call, { ok: true, problems: warnings, policy: inForce, changed, stale }, () => [
    ...inForce,
    changed.length === 0
      ? 'reloaded; nothing had changed'
      : `reloaded; changed: ${changed.join(', ')}`,
  ]);
  return EXIT.ok;
}

/** `sed -i` and many editors write a new file, which the mount does not show. */
const staleWords = (file: string): string =>
  `warning: ${file} is still the file of the start: it was replaced on the host; restart the ` +
  'container, or mount the folder instead of the file';

async function loadOrKeep({ environment, warn }: World) {
  try {
    return await loadSettings(environment);
  } catch (fault) {
    if (fault instanceof SettingsError) warn('nothing was changed, Postfix runs on as it was:');
    throw fault;
  }
}

export const reloadVerb = verb(
  {
    name: 'reload',
    summary: 'Read file, environment and secrets again; apply them if they are valid.',
    options: OPTIONS,
  },
  (call) => oneAtATime(() => reload(call)),
);
