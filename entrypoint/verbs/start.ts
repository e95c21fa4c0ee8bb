import { execPostfix } from '../apply/exec-postfix.ts';
import { installFiles } from '../apply/install-files.ts';
import { checkPorts } from '../apply/ports.ts';
import { COMMAND_CONFIG, run } from '../apply/run.ts';
import { prepareSpool } from '../apply/spool.ts';
import { CommandError } from '../errors.ts';
import { policy } from '../render/policy.ts';
import { render, TABLE_NAMES } from '../render/render.ts';
import { problemLine } from '../settings/problem.ts';
import { loadSettings } from './load.ts';
import type { Call, Verb } from './verb.ts';

// postsuper without words puts queue files where they belong; Postfix's own start does the same,
// since nothing may run before it (postfix-script, "check-fatal").
const POSTSUPER = ['/usr/sbin/postsuper', '-c', COMMAND_CONFIG];

async function start({ environment, print, warn }: Call): Promise<never> {
  const { settings, warnings } = loadSettings(environment);
  for (const problem of warnings) warn(problemLine(problem));
  const files = render(settings);
  checkPorts(settings.listen);
  prepareSpool(settings.local.domains.length > 0);
  const installed = installFiles(files, TABLE_NAMES, Date.now());
  const [queue] = await Promise.all([run(POSTSUPER), installed]);
  if (queue.output !== '') warn(queue.output.trim());
  if (!queue.ok) throw new CommandError(POSTSUPER, queue.status, '');
  for (const line of policy(settings)) print(`hikyaku: ${line}`);
  return execPostfix(process.pid, environment['TZ']);
}

export const startVerb: Verb = {
  name: 'start',
  usage: 'start',
  describe: 'Check the settings, write the configuration, become Postfix.',
  run: start,
};
