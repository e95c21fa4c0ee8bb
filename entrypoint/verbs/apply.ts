import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../cli/verb.ts';
import { programsOf } from '../companion/programs.ts';
import {
  programsStarted,
  reloadPrograms,
  requestPrograms,
  stopOthers,
} from '../companion/supervisor.ts';
import { interfaceAddresses } from '../inputs/interfaces.ts';
import { changedFiles, installFiles } from '../install/install-files.ts';
import { prepareSubmission } from '../install/listener-certificate.ts';
import { prepareLog } from '../install/log-directory.ts';
import { prepareSigner } from '../install/signer.ts';
import { keepEnvironment } from '../install/start-environment.ts';
import { askPostfix } from '../postfix/running/list-queue.ts';
import { isMailOnItsWay } from '../postfix/running/master.ts';
import { replaceQueueManager } from '../postfix/running/queue-manager.ts';
import { nameOf, type RenderedFile } from '../render/file.ts';
import { OPTIONAL_FILES, render } from '../render/render.ts';
import { withFormerLogins } from '../render/sasl-passwd.ts';
import type { Settings } from '../settings/settings.ts';

/** For so long, mail that Postfix was handing on when it reloaded may still ask for a login. */
const ON_ITS_WAY_MS = 2000;

/**
 * Puts settings in force in the relay that runs. To be called by one process at a time
 * (`oneAtATime`).
 * @param named the files that the settings come from or name
 * @param reloadPostfix has Postfix read its configuration anew
 * @returns the names of the files that have changed
 * @throws CommandFailed when a table cannot be indexed: nothing has changed then
 */
export async function applySettings(
  settings: Settings,
  named: readonly string[],
  environment: Environment,
  reloadPostfix: () => void,
): Promise<readonly string[]> {
  const files = render(settings);
  const changed = changedFiles(files).map(nameOf);
  const first = files.map(keepLogins);
  prepareSigner(settings.signing);
  prepareLog(settings, false);
  prepareSubmission(settings.submission, interfaceAddresses());
  await installFiles(first, OPTIONAL_FILES, Date.now());
  const programs = programsOf(settings, named);
  keepEnvironment(environment, settings);
  stopOthers(programs);
  reloadPrograms(programs);
  requestPrograms(programs, environment['TZ']);
  await replaceQueueManager(reloadPostfix);
  await programsStarted(programs);
  if (isMailOnItsWay()) await pause(ON_ITS_WAY_MS);
  if (first.some((file, index) => file.content !== files[index]?.content)) {
    await installFiles(files, OPTIONAL_FILES, Date.now());
  }
  // Deferred mail may go now. So may mail that was between two queues when Postfix scanned them.
  await askPostfix('postqueue', '-f');
  return changed;
}

const keepLogins = (file: RenderedFile): RenderedFile =>
  nameOf(file) === 'sasl_passwd' && existsSync(file.path)
    ? withFormerLogins(file, readFileSync(file.path, 'utf8'))
    : file;
