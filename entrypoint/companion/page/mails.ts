import { type HistoryMessage, isHistoryStatus, laterIdsOf } from '../../log/history-message.ts';
import { storiesInQueue } from '../../log/queue-stories.ts';
import { Stories } from '../../log/stories.ts';
import type { Story } from '../../log/story.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import type { Server } from '../../probe/servers.ts';
import { historyEntry } from '../../reports/history/history-report.ts';
import { type StoryReport, storyReport } from '../../reports/trace/story-report.ts';
import type { History } from '../recorder/history.ts';
import { tell } from '../recorder/tell.ts';
import type { Query } from './views/history.ts';
import type { Listed } from './views/mail-table.ts';

/** Number of rows on one page of a list. */
export const SHEET = 50;

export const listed = (message: HistoryMessage): Listed => ({
  ...historyEntry(message),
  number: message.id,
});

/** The results of a search: one more than a page, to know whether another page follows. */
export function search(
  history: History,
  { text, status, sheet }: Query,
): readonly HistoryMessage[] {
  const wanted = {
    ...(isHistoryStatus(status) ? { status } : {}),
    skip: sheet * SHEET,
    most: SHEET + 1,
  };
  if (text === '') return history.messages(wanted);
  const byId = history.messages({ ...wanted, id: text });
  return byId.length > 0 ? byId : history.messages({ ...wanted, address: text });
}

/** A message of the history that waits in the queue; undefined when it has left. */
export function queuedAs(
  { status, events, queueId }: HistoryMessage,
  queued: ReadonlyMap<string, QueuedMessage>,
): QueuedMessage | undefined {
  const ids = status === 'sent' ? [] : [...laterIdsOf(events), queueId];
  return ids.map((id) => queued.get(id)).find((one) => one !== undefined);
}

/** The story of a message from the history and the queue. */
export function storyOf(
  message: HistoryMessage,
  history: History,
  inQueue: QueuedMessage | undefined,
  servers: readonly Server[],
): StoryReport {
  const ended: Story[] = [];
  const stories = new Stories({
    ended: (story) => void ended.push(story),
    refused: () => {},
    keepsAttempts: () => true,
  });
  const now = new Date();
  tell(stories, history, { messages: [message], since: now });
  stories.close();
  const open = stories.open;
  const all = [...ended, ...open];
  if (inQueue !== undefined) storiesInQueue(open, [inQueue], []);
  const story = all.find(({ id }) => id === message.queueId);
  if (story === undefined) throw new Error('a message of the history has no event');
  return storyReport(story, {
    servers,
    queueKnown: false,
    leavesAs: (address) => address,
    sentAs: () => undefined,
    now,
  });
}
