import { hostname } from 'node:os';
import { readDelivery } from '../advice/foreign/delivery.ts';
import type { Kind } from '../advice/trouble.ts';
import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { remembering } from '../log/reader.ts';
import { COMMAND_CONFIG, run } from '../postfix/running/command.ts';
import { isPostfixRunning } from '../postfix/running/master.ts';
import { eachQueued, QueueUnlisted } from '../postfix/running/queue.ts';
import { sendersAt } from '../probe/senders.ts';
import { serversOf } from '../probe/servers.ts';
import { probe } from '../probe/walk.ts';
import { policy } from '../render/policy.ts';
import type { Finding } from '../reports/doctor/finding.ts';
import { serverFindings } from '../reports/doctor/server.ts';
import { containerName } from '../reports/pipe.ts';
import { Counting, summarize } from '../reports/status/log-summary.ts';
import { QueueSummary } from '../reports/status/queue-summary.ts';
import { shownParameters } from '../reports/status/shown-parameters.ts';
import { statusLines } from '../reports/status/status-lines.ts';
import {
  queueReport,
  type StatusReport,
  verdictOn,
  type WaitingReport,
  waitingReport,
} from '../reports/status/status-report.ts';
import type { Waiting } from '../reports/status/waiting.ts';
import { said, sayIn, variableNames } from '../settings/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { givenLog } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';
import { probeContext } from './probe-context.ts';

const POSTCONF = '/usr/sbin/postconf';

/** What Postfix says is too little to act on here, so the server itself is asked. */
const ASK_THE_SERVER: readonly (Kind | undefined)[] = [
  'mechanisms',
  'login-unfinished',
  'certificate',
  'tls-handshake',
];

async function status(call: Call): Promise<ExitCode> {
  const loaded = await settingsInForce(call);
  const settings = loaded?.settings;
  const servers = settings === undefined ? [] : serversOf(settings);
  const [state, log] = await Promise.all([
    reportOn(loaded),
    givenLog(() => new Counting(), call.warn),
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

async function reportOn(loaded: Loaded | undefined): Promise<Omit<StatusReport, 'log'>> {
  const settings = loaded?.settings;
  const now = Date.now() / 1000;
  const [version, types, parameters, queue] = await Promise.all([
    run([POSTCONF, '-c', COMMAND_CONFIG, '-dh', 'mail_version']),
    run([POSTCONF, '-c', COMMAND_CONFIG, '-m']),
    run([POSTCONF, '-n']),
    lookAtQueue(settings, now),
  ]);
  const running = isPostfixRunning();
  const pace = settings?.rate.total ?? null;
  return {
    verdict: verdictOn(queue, running, pace, now),
    version: linesLike(/^[\d.]+$/, version.output).join(''),
    running,
    tableTypes: linesLike(/^\w+$/, types.output),
    mapType: settings?.mapType ?? 'unknown',
    // A user's own parameters may hold secrets, and which they are is not known now.
    parameters:
      settings === undefined ? [] : shownParameters(parameters.output, settings.overrides),
    overrides: settings?.overrides.map(({ from }) => from) ?? [],
    policy: settings === undefined ? [] : policy(settings),
    queue:
      queue === undefined
        ? null
        : queueReport(queue, await waitingReports(queue.waiting, loaded, now), pace, now),
  };
}

/** The answer among what else postconf may have to say. */
const linesLike = (pattern: RegExp, output: string): readonly string[] =>
  output.split('\n').filter((line) => pattern.test(line));

/** Undefined when Postfix does not list it: the rest of the report is worth having still. */
async function lookAtQueue(
  settings: Settings | undefined,
  now: number,
): Promise<QueueSummary | undefined> {
  const servers = settings === undefined ? [] : serversOf(settings);
  const queue = new QueueSummary(servers, remembering(readDelivery), now);
  try {
    await eachQueued((message) => queue.add(message));
    return queue;
  } catch (fault) {
    if (fault instanceof QueueUnlisted) return undefined;
    throw fault;
  }
}

const waitingReports = (
  waiting: readonly Waiting[],
  loaded: Loaded | undefined,
  now: number,
): Promise<readonly WaitingReport[]> =>
  Promise.all(
    waiting.map(async (group) => waitingReport(group, await askServer(group, loaded), now)),
  );

async function askServer(
  { trouble, server }: Waiting,
  loaded: Loaded | undefined,
): Promise<readonly Finding[]> {
  if (loaded === undefined || server === undefined) return [];
  if (!ASK_THE_SERVER.includes(trouble?.kind)) return [];
  const { settings } = loaded;
  const result = await probe(server, sendersAt(server, settings), probeContext(settings));
  return serverFindings(result, settings);
}

export const statusVerb = verb(
  {
    name: 'status',
    summary: 'One screen: whether mail flows, what is in force, what waits in the queue, and why.',
    details:
      'The exit code is 0 when nothing waits, 1 when mail is stuck or Postfix does not work, 78 when ' +
      'the settings are wrong now.',
    options: JSON_OPTION,
  },
  status,
);
