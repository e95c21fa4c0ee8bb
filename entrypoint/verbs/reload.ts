import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import { checkState } from '../companion/begin.ts';
import { programsOf } from '../companion/programs.ts';
import { reloadPrograms, startPrograms, stopOthers } from '../companion/supervisor.ts';
import { interfaceAddresses } from '../inputs/interfaces.ts';
import { readMounts, replacedFiles } from '../inputs/mounts.ts';
import { changedFiles, installFiles } from '../install/install-files.ts';
import { prepareSubmission } from '../install/listener-certificate.ts';
import { prepareLog } from '../install/log-directory.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import { prepareSigner } from '../install/signer.ts';
import { keepEnvironment, keptEnvironment } from '../install/start-environment.ts';
import { problemLine } from '../messages/problem.ts';
import { askPostfix } from '../postfix/running/list-queue.ts';
import { findPostfix, isMailOnItsWay } from '../postfix/running/master.ts';
import { replaceQueueManager } from '../postfix/running/queue-manager.ts';
import { nameOf, type RenderedFile } from '../render/file.ts';
import { policy } from '../render/policy.ts';
import { OPTIONAL_FILES, render } from '../render/render.ts';
import { withFormerLogins } from '../render/sasl-passwd.ts';
import { loadSettings } from './load.ts';

const OPTIONS = {
  ...JSON_OPTION,
  'as-started': {
    type: 'boolean',
    default: false,
    about: 'with the variables of the start, for "watch"',
  },
} as const;

async function reload(given: Call<typeof OPTIONS, []>): Promise<ExitCode> {
  const call = given['as-started'] ? { ...given, environment: keptEnvironment() } : given;
  const reloadPostfix = findPostfix();
  const { settings, warnings, files: named } = await loadOrKeep(call);
  if (!call.json) for (const problem of warnings) call.warn(problemLine(problem));
  for (const warning of checkState(settings)) call.warn(warning);
  const files = render(settings);
  const changed = changedFiles(files).map(nameOf);
  const first = files.map(keepLogins);
  prepareSigner(settings.signing);
  prepareLog(settings, false);
  prepareSubmission(settings.submission, interfaceAddresses());
  await installFiles(first, OPTIONAL_FILES, Date.now());
  const programs = programsOf(settings, named);
  keepEnvironment(call.environment, settings.watch);
  stopOthers(programs);
  reloadPrograms(programs);
  startPrograms(programs, call.environment['TZ']);
  await replaceQueueManager(reloadPostfix);
  if (isMailOnItsWay()) await pause(ON_ITS_WAY_MS);
  if (first.some((file, index) => file.content !== files[index]?.content)) {
    await installFiles(files, OPTIONAL_FILES, Date.now());
  }
  // What waited may go now. So may mail that was being handed on when Postfix looked for work.
  await askPostfix('postqueue', '-f');
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

/** For so long, mail that Postfix was handing on when it reloaded may still ask for a login. */
const ON_ITS_WAY_MS = 2000;

const keepLogins = (file: RenderedFile): RenderedFile =>
  nameOf(file) === 'sasl_passwd' && existsSync(file.path)
    ? withFormerLogins(file, readFileSync(file.path, 'utf8'))
    : file;

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
