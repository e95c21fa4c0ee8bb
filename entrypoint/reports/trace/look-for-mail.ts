import { storiesInQueue } from '../../log/queue-stories.ts';
import type { LogReader } from '../../log/reader.ts';
import { MOST_LISTED, Tracing } from '../../log/tracing.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import { queueFiles } from '../../postfix/running/read-queue-files.ts';
import { leavesAs, sentAs } from '../../probe/senders.ts';
import { serversOf } from '../../probe/servers.ts';
import type { Settings } from '../../settings/settings.ts';
import { type TraceReport, traceReport } from './trace-report.ts';

/**
 * Looks for messages in a log and in the queue.
 * @param text what is asked for; undefined: the last messages
 * @param log undefined when no log was given
 * @param queue undefined when Postfix did not list it
 */
export async function lookForMail(
  text: string | undefined,
  log: Pick<LogReader<Tracing>, 'listeners' | 'since'> | undefined,
  queue: readonly QueuedMessage[] | undefined,
  settings: Settings | undefined,
): Promise<TraceReport> {
  const sources = log?.listeners ?? [Tracing.of(text)];
  const waiting = text === undefined ? (queue ?? []).slice(-MOST_LISTED) : (queue ?? []);
  const queued = storiesInQueue(
    sources.flatMap(({ open }) => open),
    waiting,
    await queueFiles(likelyFirst(waiting, text).map(({ id }) => id)),
  );
  const stories = new Set(sources.flatMap((one, index) => one.found(index === 0 ? queued : [])));
  const refusals = sources.flatMap((one) => one.refusals);
  return traceReport(text, [...stories], refusals, log?.since, {
    servers: settings === undefined ? [] : serversOf(settings),
    queueKnown: queue !== undefined,
    leavesAs: (address) => (settings === undefined ? address : leavesAs(settings, address)),
    sentAs: (sender) => (settings === undefined ? undefined : sentAs(settings, sender)),
    now: new Date(),
  });
}

/** Reads the files of matching messages first, since a long queue has too many files. */
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
