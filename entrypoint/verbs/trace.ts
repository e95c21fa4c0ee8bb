import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommandFailed, EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import { storiesInQueue } from '../log/queue-stories.ts';
import type { LogReader } from '../log/reader.ts';
import { MOST_LISTED, Tracing } from '../log/tracing.ts';
import type { QueuedMessage } from '../postfix/queue-entry.ts';
import { type QueueFile, readQueueFiles } from '../postfix/queue-file.ts';
import { askPostfix, QueueUnlisted, queuedMessages } from '../postfix/running/queue.ts';
import { SPOOL } from '../postfix/spool.ts';
import { leavesAs } from '../probe/rewriting.ts';
import { serversOf } from '../probe/servers.ts';
import { containerName } from '../reports/pipe.ts';
import { type TraceReport, traceLines, traceReport } from '../reports/trace/trace-report.ts';
import { said, sayIn, variableNames } from '../settings/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { givenLog } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';

/** So many files of the queue are looked into at once, and all in all. */
const FILES = { atOnce: 100, most: 2_000 };

const WORDS = ['[ID-OR-ADDRESS]'] as const;

async function trace(call: Call<typeof JSON_OPTION, typeof WORDS>): Promise<ExitCode> {
  const [text] = call.words;
  const newTracing = () => Tracing.of(text);
  const [log, queue, loaded] = await Promise.all([
    givenLog(newTracing, call.warn),
    listedQueue(call),
    settingsNow(call),
  ]);
  const report = await reportOn(text, log, newTracing(), queue, loaded?.settings);
  const say = sayIn(loaded?.names ?? variableNames);
  printReport(call, said(report, say), () => traceLines(report, say, containerName(hostname())));
  return report.stories.length + report.refused.length > 0 ? EXIT.ok : EXIT.failed;
}

/** Undefined when Postfix does not list it: a log tells its part still. */
async function listedQueue({ warn }: World): Promise<readonly QueuedMessage[] | undefined> {
  try {
    return await queuedMessages();
  } catch (fault) {
    if (!(fault instanceof QueueUnlisted)) throw fault;
    warn(fault.message);
    return undefined;
  }
}

/** @param nothing stands for a log that nobody gave */
async function reportOn(
  text: string | undefined,
  log: LogReader<Tracing> | undefined,
  nothing: Tracing,
  queue: readonly QueuedMessage[] | undefined,
  settings: Settings | undefined,
): Promise<TraceReport> {
  const sources = log?.listeners ?? [nothing];
  const waiting = text === undefined ? (queue ?? []).slice(-MOST_LISTED) : (queue ?? []);
  const queued = storiesInQueue(
    sources.flatMap(({ open }) => open),
    waiting,
    await queueFiles(likelyFirst(waiting, text)),
  );
  const stories = new Set(sources.flatMap((one, index) => one.found(index === 0 ? queued : [])));
  const refusals = sources.flatMap((one) => one.refusals);
  return traceReport(text, [...stories], refusals, log?.since, {
    servers: settings === undefined ? [] : serversOf(settings),
    queueKnown: queue !== undefined,
    leavesAs: (address) => (settings === undefined ? address : leavesAs(settings, address)),
    now: new Date(),
  });
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
function likelyFirst(
  queue: readonly QueuedMessage[],
  text: string | undefined,
): readonly QueuedMessage[] {
  if (text === undefined) return queue;
  const wanted = text.toLowerCase();
  const isLikely = ({ id, sender, recipients }: QueuedMessage): boolean =>
    [id, sender, ...recipients.map(({ address }) => address)].some(
      (name) => name.toLowerCase() === wanted,
    );
  const { likely = [], others = [] } = Object.groupBy(queue, (message) =>
    isLikely(message) ? 'likely' : 'others',
  );
  return [...likely, ...others];
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
    details: 'Without an argument it lists the last messages.',
    options: JSON_OPTION,
  },
  trace,
);
