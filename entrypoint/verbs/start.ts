import { verb, type World } from '../cli/verb.ts';
import { checkState } from '../companion/begin.ts';
import { programsOf } from '../companion/programs.ts';
import { startPrograms } from '../companion/supervisor.ts';
import { interfaceAddresses } from '../inputs/interfaces.ts';
import { lossOf, readMounts } from '../inputs/mounts.ts';
import { protectConfigDirectory } from '../install/config-directory.ts';
import { execPostfix } from '../install/exec-postfix.ts';
import { installFiles } from '../install/install-files.ts';
import { prepareSubmission } from '../install/listener-certificate.ts';
import { prepareLog } from '../install/log-directory.ts';
import { checkPorts } from '../install/ports.ts';
import { checkRights } from '../install/rights.ts';
import { prepareSigner, removeSockets, signersListen } from '../install/signer.ts';
import { checkWritable, prepareData, prepareSpool } from '../install/spool.ts';
import { keepEnvironment } from '../install/start-environment.ts';
import { takeQueue } from '../install/take-queue.ts';
import { problemLine } from '../messages/problem.ts';
import { SPOOL } from '../postfix/spool.ts';
import { policy } from '../render/policy.ts';
import { OPTIONAL_FILES, render } from '../render/render.ts';
import { portsOf } from '../settings/submission.ts';
import { loadSettings } from './load.ts';

async function start({ environment, print, warn }: World): Promise<never> {
  const { settings, warnings, files: named } = await loadSettings(environment);
  for (const problem of warnings) warn(problemLine(problem));
  const files = render(settings);
  checkRights();
  checkPorts([...settings.listen, ...portsOf(settings.submission)]);
  for (const warning of checkState(settings)) warn(warning);
  checkWritable();
  const loss = lossOf(readMounts(), SPOOL);
  if (loss !== undefined) warn(lossWords(loss));
  prepareData();
  prepareSpool(settings.local.domains.length > 0);
  protectConfigDirectory();
  removeSockets();
  prepareSigner(settings.signing);
  prepareLog(settings, true);
  prepareSubmission(settings.submission, interfaceAddresses());
  const installed = installFiles(files, OPTIONAL_FILES, Date.now());
  const [repaired] = await Promise.all([takeQueue(), installed]);
  if (repaired !== '') warn(repaired);
  for (const line of policy(settings)) print(`hikyaku: ${line}`);
  keepEnvironment(environment, settings);
  startPrograms(programsOf(settings, named), environment['TZ']);
  await signersListen(settings.signing);
  return execPostfix(process.pid, environment['TZ']);
}

/** Said at start: who notices later has lost mail. */
const lossWords = (loss: string): string =>
  `warning: the queue ${loss}: mail that waits is lost with the container; mount a named volume ` +
  `(-v mail-queue:${SPOOL}; in compose "volumes:")`;

export const startVerb = verb(
  { name: 'start', summary: 'Check the settings, write the configuration, run Postfix.' },
  start,
);
