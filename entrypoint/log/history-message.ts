import type { LogEvent } from './event.ts';

/** What became of a message so far, all its recipients taken together. */
export const STATUSES = ['waiting', 'sent', 'deferred', 'bounced', 'deleted'] as const;
export type HistoryStatus = (typeof STATUSES)[number];

export const isHistoryStatus = (word: string): word is HistoryStatus =>
  STATUSES.some((status) => status === word);

/** A message as it is kept. */
export interface HistoryMessage {
  readonly id: number;
  readonly queueId: string;
  readonly start: Date;
  readonly status: HistoryStatus;
  readonly events: readonly LogEvent[];
}
