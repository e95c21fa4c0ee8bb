import type { LogEvent } from './event.ts';

/** The result for a message so far, for all its recipients together. */
export const STATUSES = ['waiting', 'sent', 'deferred', 'bounced', 'deleted'] as const;
export type HistoryStatus = (typeof STATUSES)[number];

export const isHistoryStatus = (word: string): word is HistoryStatus =>
  STATUSES.some((status) => status === word);

const ENDS: readonly LogEvent['kind'][] = ['removed', 'canceled', 'deleted'];

/** The IDs under which a message went on when it was signed. */
export const laterIdsOf = (events: readonly LogEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'attempt' && event.handedTo !== undefined ? [event.handedTo] : [],
  );

/** The event by which a message has left, under all its IDs. @param queueId the first of them */
export function endOf(queueId: string, events: readonly LogEvent[]): LogEvent | undefined {
  const ends = events.filter(({ kind }) => ENDS.includes(kind));
  const left = new Set(ends.map(({ id }) => id));
  return [queueId, ...laterIdsOf(events)].every((id) => left.has(id)) ? ends.at(-1) : undefined;
}

/** A message as it is kept. */
export interface HistoryMessage {
  readonly id: number;
  readonly queueId: string;
  readonly start: Date;
  readonly status: HistoryStatus;
  readonly events: readonly LogEvent[];
}
