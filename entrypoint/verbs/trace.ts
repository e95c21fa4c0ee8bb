import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommandFailed, EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import type { Log } from '../log/log.ts';
import { withQueue } from '../log/queue-stories.ts';
import { search } from '../log/search.ts';
import { tell } from '../log/story.ts';
import type { QueuedMessage } from '../postfix/queue-entry.ts';
import { type QueueFile, readQueueFiles } from '../postfix/queue-file.ts';
import { askPostfix, queuedMessages } from '../postfix/running/queue.ts';
import { SPOOL } from '../postfix/spool.ts';
import { leavesAs } from '../probe/rewriting.ts';
import { serversOf } from '../probe/servers.ts';
import { containerName } from '../reports/pipe.ts';
import type { Background } from '../reports/story-report.ts';
import { type TraceReport, traceLines, traceReport } from '../reports/trace-report.ts';
import type { Settings } from '../settings/settings.ts';
import { reportInUserNames } from '../settings/user-names.ts';
import { givenLog } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';

/** So many files of the queue are looked into at once, and all in all. */
const FILES = { atOnce: 100, most: 2_000 };

const WORDS = ['ID-OR-ADDRESS'] as const;

async function trace(call: Call<typeof JSON_OPTION, typeof WORDS>): Promise<ExitCode> {
  const [query] = call.words;
  const [log, queue] = await Promise.all([givenLog(call.warn), queuedMessages()]);
  const loaded = await settingsNow(call);
  const found = await reportOn(query, log, queue, loaded?.settings);
  const report = loaded === undefined ? found : reportInUserNames(found, loaded.say);
  printReport(call, report, () => traceLines(report, containerName(hostname())));
  return report.stories.length + report.refused.length > 0 ? EXIT.ok : EXIT.failed;
}

async function reportOn(
  query: string,
  log: Log | undefined,
  queue: readonly QueuedMessage[],
  settings: Settings | undefined,
): Promise<TraceReport> {
  const told = withQueue(
    tell(log?.events ?? []),
    queue,
    await queueFiles(likelyFirst(queue, query)),
  );
  const background: Background = {
    servers: settings === undefined ? [] : serversOf(settings),
    queueKnown: true,
    leavesAs: (address) => (settings === undefined ? address : leavesAs(settings, address)),
    now: new Date(),
  };
  return traceReport(query, search(told, query), log?.since, background);
}

/** What the settings add is worth having, and no reason to tell nothing when they are wrong now. */
async function settingsNow({ environment }: World): Promise<Loaded | undefined> {
  try {
    return await loadSettings(environment);
  } catch (fault) {
    if (fault instanceof SettingsError) return undefined;
    throw fault;
  }
}

/** What matches already is looked into in any case; of a long queue not every file can be. */
function likelyFirst(queue: readonly QueuedMessage[], query: string): readonly QueuedMessage[] {
  const names = ({ id, sender, recipients }: QueuedMessage): readonly string[] =>
    [id, sender, ...recipients.map(({ address }) => address)].map((name) => name.toLowerCase());
  const isLikely = (message: QueuedMessage): boolean =>
    names(message).includes(query.toLowerCase());
  return [...queue.filter(isLikely), ...queue.filter((message) => !isLikely(message))];
}

async function queueFiles(queue: readonly QueuedMessage[]): Promise<readonly QueueFile[]> {
  const ids = queue.slice(0, FILES.most).map(({ id }) => id);
  const files: QueueFile[] = [];
  for (let first = 0; first < ids.length; first += FILES.atOnce) {
    files.push(...(await readSome(ids.slice(first, first + FILES.atOnce))));
  }
  return files;
}

async function readSome(ids: readonly string[]): Promise<readonly QueueFile[]> {
  try {
    return readQueueFiles(await askPostfix('postcat', '-qeh', ...ids), nextTry);
  } catch (fault) {
    if (!(fault instanceof CommandFailed)) throw fault;
    // One of them was delivered in the meantime, and postcat ends there.
    const [first, ...others] = ids;
    if (first === undefined || others.length === 0) return [];
    const half = Math.ceil(ids.length / 2);
    return [...(await readSome(ids.slice(0, half))), ...(await readSome(ids.slice(half)))];
  }
}

/** The queue manager keeps the time of the next attempt as the file's own (qmgr(8), deferred). */
function nextTry(path: string): number | undefined {
  if (!path.startsWith('deferred/')) return undefined;
  return statSync(`${SPOOL}/${path}`, { throwIfNoEntry: false })?.mtimeMs;
}

export const traceVerb = verb(
  {
    name: 'trace',
    words: WORDS,
    summary: 'Tell the story of a message, from the queue and from a log that is piped in.',
    options: JSON_OPTION,
  },
  trace,
);
