import { EXIT, type ExitCode } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { problemLine } from '../messages/problem.ts';
import { policy } from '../render/policy.ts';
import { loadSettings, withFile } from './load.ts';

async function check(call: Call): Promise<ExitCode> {
  const { settings, warnings } = await loadSettings(withFile(call));
  const inForce = policy(settings);
  if (!call.json) for (const problem of warnings) call.warn(problemLine(problem));
  printReport(call, { ok: true, problems: warnings, policy: inForce }, () => [
    ...inForce,
    'the settings are good',
  ]);
  return EXIT.ok;
}

export const checkVerb = verb(
  {
    name: 'check',
    words: ['[FILE]'],
    summary: 'Check the settings and show the policy; start nothing.',
    details: 'FILE is read in place of /etc/hikyaku/relay.yaml.',
    options: JSON_OPTION,
  },
  check,
);
