import { hostname } from 'node:os';
import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { endingsOf } from '../companion/endings.ts';
import { programsOf } from '../companion/programs.ts';
import { programsAway } from '../companion/supervisor.ts';
import { serversOf } from '../probe/servers.ts';
import { endingSources } from '../render/ending-sources.ts';
import { containerName } from '../reports/pipe.ts';
import { Counting, summarize } from '../reports/status/log-summary.ts';
import { lookAtRelay } from '../reports/status/look-at-relay.ts';
import { statusLines } from '../reports/status/status-lines.ts';
import type { StatusReport } from '../reports/status/status-report.ts';
import { said, sayIn, variableNames } from '../settings/naming/sentence.ts';
import { givenPast, type LookUp } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';
import { probeContext } from './probe-context.ts';

/** Only the last two days of the history count. */
const LATELY_MS = 48 * 3_600_000;
const MOST_MESSAGES = 10_000;

const lately: LookUp = (history) => {
  const since = new Date(Date.now() - LATELY_MS);
  return { messages: history.messages({ since, most: MOST_MESSAGES }), since };
};

async function status(call: Call): Promise<ExitCode> {
  const loaded = await settingsInForce(call);
  const settings = loaded?.settings;
  const servers = settings === undefined ? [] : serversOf(settings);
  const programs = loaded === undefined ? [] : programsOf(loaded.settings, loaded.files);
  const endings = settings === undefined ? [] : endingsOf(endingSources(settings))();
  const [state, log] = await Promise.all([
    lookAtRelay(settings, probeContext, endings, programsAway(programs)),
    givenPast(() => new Counting(), lately, call.warn),
  ]);
  const report: StatusReport = { ...state, log: (log && summarize(log, servers)) ?? null };
  const say = sayIn(loaded?.names ?? variableNames);
  printReport(call, said(report, say), () => statusLines(report, say, containerName(hostname())));
  if (settings === undefined) return EXIT.configuration;
  return report.verdict.state === 'ok' ? EXIT.ok : EXIT.failed;
}

/** The settings, or undefined when they have become wrong since the start: the queue is shown still. */
async function settingsInForce({ environment, warn }: Call): Promise<Loaded | undefined> {
  try {
    return await loadSettings(environment);
  } catch (fault) {
    if (!(fault instanceof SettingsError)) throw fault;
    warn('the settings are wrong now; Postfix runs on with those that it has:');
    for (const line of fault.message.split('\n')) warn(line);
    return undefined;
  }
}

export const statusVerb = verb(
  {
    name: 'status',
    summary: 'Show on one screen whether mail flows, the settings in force, and why mail waits.',
    details:
      'Exit codes: 0 if no mail waits, 1 if mail is stuck or Postfix does not work, 78 if ' +
      'the settings are invalid now.',
    options: JSON_OPTION,
  },
  status,
);
