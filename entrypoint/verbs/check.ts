import { EXIT, type ExitCode } from '../errors.ts';
import { policy } from '../render/policy.ts';
import { problemLine } from '../settings/problem.ts';
import { loadSettings } from './load.ts';
import type { Call, Verb } from './verb.ts';

async function check({ environment, print, warn, json }: Call): Promise<ExitCode> {
  const { settings, warnings } = await loadSettings(environment);
  if (json) {
    print(JSON.stringify({ ok: true, problems: warnings, policy: policy(settings) }, null, 2));
    return EXIT.ok;
  }
  for (const problem of warnings) warn(problemLine(problem));
  for (const line of policy(settings)) print(line);
  print('the settings are good');
  return EXIT.ok;
}

export const checkVerb: Verb = {
  name: 'check',
  usage: 'check [--json]',
  describe: 'Check the settings and show the policy; start nothing.',
  json: true,
  run: check,
};
