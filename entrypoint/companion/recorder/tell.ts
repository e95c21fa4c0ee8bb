import type { HistoryMessage } from '../../log/history-message.ts';
import type { Listener } from '../../log/reader.ts';
import type { History } from './history.ts';

/** Messages that were looked up, and since when refusals matter. */
export interface Found {
  readonly messages: readonly HistoryMessage[];
  readonly since: Date;
}

/** Maximum number of refusals to read. */
const MOST_REFUSALS = 10_000;

/** Tells the events of messages, of notices about them, and of refusals, in the order of the log. */
export function tell(listener: Listener, history: History, { messages, since }: Found): void {
  const found = new Map(messages.map((message) => [message.id, message]));
  // A notice to the sender is a message of its own.
  for (const { events } of messages) {
    for (const event of events) {
      if (event.kind !== 'notified') continue;
      for (const notice of history.messages({ id: event.by, since: event.time, most: 1 })) {
        found.set(notice.id, notice);
      }
    }
  }
  const events = [
    ...[...found.values()].flatMap((message) => message.events),
    ...history.refusals(since, MOST_REFUSALS),
  ].sort((a, b) => a.time.getTime() - b.time.getTime());
  for (const event of events) listener.hear(event);
}
