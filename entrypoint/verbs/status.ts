import { hostname } from 'node:os';
import type { Trouble } from '../advice/reasons.ts';
import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { countByAge, type QueuedMessage } from '../postfix/queue-entry.ts';
import { COMMAND_CONFIG, run } from '../postfix/running/command.ts';
import { isPostfixRunning } from '../postfix/running/master.ts';
import { queuedMessages } from '../postfix/running/queue.ts';
import type { Finding } from '../probe/finding.ts';
import { probeServer } from '../probe/server.ts';
import { serversOf } from '../probe/servers.ts';
import { policy } from '../render/policy.ts';
import { shownParameters } from '../reports/parameters.ts';
import { containerName } from '../reports/pipe.ts';
import { type StatusReport, statusLines, waitingReport } from '../reports/status-report.ts';
import { summarize } from '../reports/summary.ts';
import { groupByReason, type Waiting } from '../reports/waiting.ts';
import type { Settings } from '../settings/settings.ts';
import { reportInUserNames } from '../settings/user-names.ts';
import { givenLog } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';
import { outlookOf } from './outlook.ts';

const POSTCONF = '/usr/sbin/postconf';

/** What Postfix says is too little to act on here, so the server itself is asked. */
const ASK_THE_SERVER: readonly Trouble[] = ['mechanisms', 'certificate', 'TLS handshake'];

async function status(call: Call): Promise<ExitCode> {
  const loaded = await settingsInForce(call);
  const settings = loaded?.settings;
  const [state, log] = await Promise.all([reportOn(settings), givenLog(call.warn)]);
  const servers = settings === undefined ? [] : serversOf(settings);
  const found: StatusReport = { ...state, log: (log && summarize(log, servers)) ?? null };
  const report = loaded === undefined ? found : reportInUserNames(found, loaded.say);
  printReport(call, report, () => statusLines(report, containerName(hostname())));
  if (settings === undefined) return EXIT.configuration;
  return report.running ? EXIT.ok : EXIT.failed;
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

async function reportOn(settings: Settings | undefined): Promise<Omit<StatusReport, 'log'>> {
  const [version, types, parameters, messages] = await Promise.all([
    run([POSTCONF, '-c', COMMAND_CONFIG, '-dh', 'mail_version']),
    run([POSTCONF, '-c', COMMAND_CONFIG, '-m']),
    run([POSTCONF, '-n']),
    queuedMessages(),
  ]);
  return {
    version: linesLike(/^[\d.]+$/, version.output).join(''),
    running: isPostfixRunning(),
    tableTypes: linesLike(/^\w+$/, types.output),
    mapType: settings?.mapType ?? 'unknown',
    // A user's own parameters may hold secrets, and which they are is not known now.
    parameters:
      settings === undefined ? [] : shownParameters(parameters.output, settings.overrides),
    overrides: settings?.overrides.map(({ from }) => from) ?? [],
    policy: settings === undefined ? [] : policy(settings),
    queue: await queueReport(settings, messages, Date.now() / 1000),
  };
}

/** The answer among what else postconf may have to say. */
const linesLike = (pattern: RegExp, output: string): readonly string[] =>
  output.split('\n').filter((line) => pattern.test(line));

async function queueReport(
  settings: Settings | undefined,
  messages: readonly QueuedMessage[],
  now: number,
): Promise<StatusReport['queue']> {
  const held = messages.filter(({ queue }) => queue === 'hold');
  const waiting = groupByReason(messages, settings === undefined ? [] : serversOf(settings));
  const explained = new Set(waiting.flatMap((group) => group.messages));
  const untried = messages.filter((one) => !explained.has(one) && !held.includes(one));
  return {
    total: messages.length,
    byAge: countByAge(messages, now),
    untried: untried.length,
    untriedFor: Math.max(0, ...untried.map(({ arrival }) => now - arrival)),
    held: held.length,
    pace: settings?.rate.total ?? null,
    waiting: await Promise.all(
      waiting.map(async (group) => waitingReport(group, await askServer(group, settings), now)),
    ),
  };
}

async function askServer(
  { trouble, server }: Waiting,
  settings: Settings | undefined,
): Promise<readonly Finding[]> {
  if (settings === undefined || server === undefined) return [];
  if (trouble === undefined || !ASK_THE_SERVER.includes(trouble)) return [];
  return probeServer(server, outlookOf(settings));
}

export const statusVerb = verb(
  {
    name: 'status',
    summary: 'One screen: what is in force, what waits in the queue, and why.',
    options: JSON_OPTION,
  },
  status,
);
