/**
 * The columns of the history: from a message's events to columns, and from a row to its message.
 */
import type { SQLOutputValue } from 'node:sqlite';
import type { LogEvent, Refusal } from '../../log/event.ts';
import {
  endOf,
  type HistoryMessage,
  type HistoryStatus,
  STATUSES,
} from '../../log/history-message.ts';
import type { Row } from './history-file.ts';
import { lower } from './search.ts';

export const text = (value: SQLOutputValue | undefined): string => String(value ?? '');

/** Times are kept as JSON has them. */
const revive = <T extends LogEvent>(event: T): T => ({ ...event, time: new Date(event.time) });

const eventsIn = (json: string): readonly LogEvent[] => {
  const events: readonly LogEvent[] = JSON.parse(json);
  return events.map(revive);
};

export const refusalIn = (json: string): Refusal => revive<Refusal>(JSON.parse(json));

export const messageOf = (row: Row): HistoryMessage => ({
  id: Number(row['id']),
  queueId: text(row['queue_id']),
  start: new Date(Number(row['start'])),
  status: STATUSES.find((one) => one === row['status']) ?? 'waiting',
  events: eventsIn(text(row['events'])),
});

/** The columns for searches. */
export function factsOf(queueId: string, events: readonly LogEvent[]) {
  const last = <K extends LogEvent['kind']>(kind: K) =>
    events.findLast((event): event is Extract<LogEvent, { kind: K }> => event.kind === kind);
  const client = last('client');
  // Signed, a message is queued again, with its rewritten sender.
  const sender = events.find((event) => event.kind === 'queued')?.from ?? last('program')?.from;
  const end = endOf(queueId, events);
  const recipients = events.flatMap((event) => {
    if (event.kind === 'attempt') return [event.to, event.origTo];
    return event.kind === 'refused' ? [event.to] : [];
  });
  return {
    end: end?.time.getTime() ?? null,
    sender: sender === undefined ? null : lower(sender),
    client: client?.client ?? null,
    login: client?.login ?? null,
    messageId: last('message-id')?.messageId ?? null,
    status: statusOf(events, end?.kind),
    recipients: new Set(recipients.flatMap((one) => (one ? [lower(one)] : []))),
  };
}

/** A recipient whose mail came back counts more than the others. */
function statusOf(events: readonly LogEvent[], end: LogEvent['kind'] | undefined): HistoryStatus {
  if (end === 'deleted') return 'deleted';
  const attempts = events.filter((event) => event.kind === 'attempt');
  const statuses = new Map(attempts.map(({ to, status }) => [to, status]));
  const has = (...wanted: readonly string[]): boolean =>
    [...statuses.values()].some((status) => wanted.includes(status));
  if (has('bounced', 'expired') || events.some(({ kind }) => kind === 'expired')) return 'bounced';
  if (has('deferred')) return 'deferred';
  return end === undefined ? 'waiting' : 'sent';
}
