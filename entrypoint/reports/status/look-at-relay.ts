import { advise } from '../../advice/advice.ts';
import { endingSoon } from '../../advice/expiry.ts';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import type { Kind } from '../../advice/trouble.ts';
import { remembering } from '../../log/reader.ts';
import { installed } from '../../postfix/running/ask-parameters.ts';
import { eachQueued, QueueUnlisted } from '../../postfix/running/list-queue.ts';
import { isPostfixRunning } from '../../postfix/running/master.ts';
import type { ProbeContext } from '../../probe/context.ts';
import { sendersAt } from '../../probe/senders.ts';
import { serversOf } from '../../probe/servers.ts';
import { probe } from '../../probe/walk.ts';
import { policy } from '../../render/policy.ts';
import type { Ending } from '../../settings/ending.ts';
import type { Settings } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { type Finding, isWrong } from '../doctor/diagnosis.ts';
import { tokenFindings } from '../doctor/outside.ts';
import { serverFindings } from '../doctor/server.ts';
import { shownCertificate } from './listener-certificate.ts';
import { QueueSummary } from './queue-summary.ts';
import { shownParameters } from './shown-parameters.ts';
import {
  queueReport,
  type StatusReport,
  verdictOn,
  type WaitingReport,
  waitingReport,
} from './status-report.ts';
import type { Waiting } from './waiting.ts';

/** Troubles for which Postfix's text is too short, so the server itself is probed. */
const ASK_THE_SERVER: readonly (Kind | undefined)[] = [
  'mechanisms',
  'login-unfinished',
  'certificate',
  'tls-handshake',
];

/**
 * Looks at Postfix, at its queue, and at the servers that mail waits for.
 * @param settings undefined when they are wrong now
 * @param contextOf the context of this container for a probe
 * @param endings what ends, and when
 * @param away the programs beside Postfix that do not come back
 */
export async function lookAtRelay(
  settings: Settings | undefined,
  contextOf: (settings: Settings) => ProbeContext,
  endings: readonly Ending[],
  away: Promise<readonly string[]>,
): Promise<Omit<StatusReport, 'log'>> {
  const now = Date.now() / 1000;
  const [postfix, queue, programsAway] = await Promise.all([
    installed(),
    lookAtQueue(settings, now),
    away,
  ]);
  const running = isPostfixRunning();
  const pace = settings?.rate.total ?? null;
  const { version, tableTypes, changed } = postfix;
  return {
    verdict: verdictOn(queue, running, pace, now),
    version,
    running,
    programsAway,
    expiring: endingSoon(endings, now).map((trouble) => ({
      trouble,
      ...advise(trouble, aboutServer(undefined)),
    })),
    tokens:
      settings === undefined
        ? []
        : tokenFindings(settings, contextOf(settings).tokenTrouble).filter(isWrong),
    tableTypes,
    mapType: settings?.mapType ?? 'unknown',
    // A user's own parameters may hold secrets, and which they are is not known now.
    parameters: settings === undefined ? [] : shownParameters(changed, settings.overrides),
    overrides: settings?.overrides.map(({ from }) => from) ?? [],
    policy: settings === undefined ? [] : policy(settings),
    certificate: shownCertificate(settings),
    queue:
      queue === undefined
        ? null
        : queueReport(
            queue,
            await waitingReports(queue.waiting, settings, contextOf, now),
            pace,
            now,
          ),
  };
}

/** Undefined when Postfix cannot list the queue; the rest of the report remains useful. */
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
  settings: Settings | undefined,
  contextOf: (settings: Settings) => ProbeContext,
  now: number,
): Promise<readonly WaitingReport[]> =>
  Promise.all(
    waiting.map(async (group) =>
      waitingReport(group, await askServer(group, settings, contextOf), now),
    ),
  );

async function askServer(
  { trouble, server }: Waiting,
  settings: Settings | undefined,
  contextOf: (settings: Settings) => ProbeContext,
): Promise<readonly Finding[]> {
  if (settings === undefined || server === undefined) return [];
  const hasToken = server.login?.oauth2 !== undefined;
  if (!hasToken && !ASK_THE_SERVER.includes(trouble?.kind)) return [];
  const result = await probe(server, sendersAt(server, settings), contextOf(settings));
  return serverFindings(result, settings);
}
