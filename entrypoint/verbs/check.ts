import { EXIT, type ExitCode } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import type { Call, Verb } from '../cli/verb.ts';
import { policy } from '../render/policy.ts';
import { problemLine } from '../settings/problem.ts';
import { loadSettings } from './load.ts';

async function check(call: Call): Promise<ExitCode> {
  const { settings, warnings } = await loadSettings(call.environment);
  const inForce = policy(settings);
  if (!call.json) for (const problem of warnings) call.warn(problemLine(problem));
  printReport(call, { ok: true, problems: warnings, policy: inForce }, () => [
    ...inForce,
    'the settings are good',
  ]);
  return EXIT.ok;
}

export const checkVerb: Verb = {
  name: 'check',
  usage: 'check [--json]',
  describe: 'Check the settings and show the policy; start nothing.',
  json: true,
  run: check,
};
