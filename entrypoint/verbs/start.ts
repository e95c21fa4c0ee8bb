import { verb, type World } from '../cli/verb.ts';
import { programsOf } from '../companion/programs.ts';
import { startPrograms } from '../companion/supervisor.ts';
import { protectConfigDirectory } from '../install/config-directory.ts';
import { execPostfix } from '../install/exec-postfix.ts';
import { installFiles } from '../install/install-files.ts';
import { checkPorts } from '../install/ports.ts';
import { checkRights } from '../install/rights.ts';
import { prepareSigner } from '../install/signer.ts';
import { prepareData, prepareSpool } from '../install/spool.ts';
import { takeQueue } from '../install/take-queue.ts';
import { policy } from '../render/policy.ts';
import { OPTIONAL_FILES, render } from '../render/render.ts';
import { problemLine } from '../settings/problem.ts';
import { loadSettings } from './load.ts';

async function start({ environment, print, warn }: World): Promise<never> {
  const { settings, warnings } = await loadSettings(environment);
  for (const problem of warnings) warn(problemLine(problem));
  const files = render(settings);
  checkRights();
  checkPorts(settings.listen);
  prepareData();
  prepareSpool(settings.local.domains.length > 0);
  protectConfigDirectory();
  prepareSigner(settings.signing);
  const installed = installFiles(files, OPTIONAL_FILES, Date.now());
  const [repaired] = await Promise.all([takeQueue(), installed]);
  if (repaired !== '') warn(repaired);
  for (const line of policy(settings)) print(`hikyaku: ${line}`);
  startPrograms(programsOf(settings), environment['TZ']);
  return execPostfix(process.pid, environment['TZ']);
}

export const startVerb = verb(
  { name: 'start', summary: 'Check the settings, write the configuration, become Postfix.' },
  start,
);
