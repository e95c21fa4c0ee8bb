import type { Trouble } from '../../advice/trouble.ts';
import type { Attempt, LogEvent } from '../../log/event.ts';
import type { HistoryMessage, HistoryStatus } from '../../log/history-message.ts';
import { stamp } from '../words.ts';

/** The latest result for one recipient. */
export interface HistoryRecipient {
  readonly address: string;
  readonly status: string;
  /** The destination: a server, or `virtual` for a local mailbox. */
  readonly relay: string;
  readonly reason: string;
  readonly trouble: Trouble | null;
}

/** A message as `hikyaku history` shows it. */
export interface HistoryEntry {
  readonly time: Date;
  readonly queueId: string;
  readonly sender: string | null;
  readonly client: string | null;
  readonly login: string | null;
  readonly messageId: string | null;
  readonly size: number | null;
  readonly status: HistoryStatus;
  readonly recipients: readonly HistoryRecipient[];
}

/** A summary of a message's events; the last attempt counts for each recipient. */
export function historyEntry({ queueId, start, status, events }: HistoryMessage): HistoryEntry {
  const find = <K extends LogEvent['kind']>(kind: K) =>
    events.findLast((event): event is Extract<LogEvent, { kind: K }> => event.kind === kind);
  // Signed, a message is queued again, with its rewritten sender.
  const queued = events.find((event) => event.kind === 'queued');
  const client = find('client');
  const attempts = events.filter((event) => event.kind === 'attempt');
  const last = new Map(attempts.map((attempt) => [attempt.to, attempt]));
  return {
    time: start,
    queueId,
    sender: queued?.from ?? find('program')?.from ?? null,
    client: client?.client ?? null,
    login: client?.login ?? null,
    messageId: find('message-id')?.messageId ?? null,
    size: queued?.size ?? null,
    status,
    recipients: [...last.values()]
      .filter(isDelivery)
      .map(({ to, status: became, relay, reason, trouble }) => ({
        address: to,
        status: became,
        relay,
        reason,
        trouble: trouble ?? null,
      })),
  };
}

/** Attempts without the hand-over to the signer. */
const isDelivery = ({ handedTo }: Attempt): boolean => handedTo === undefined;

/** One message: a line, and one more for each recipient. */
export const historyLines = (entries: readonly HistoryEntry[]): readonly string[] =>
  entries.length === 0
    ? ['no message matches']
    : entries.flatMap(({ time, queueId, sender, client, login, status, recipients }) => [
        `${stamp(time)}  ${status.padEnd(8)}  ${queueId}  from ${sender || '<>'}` +
          `${client === null ? '' : `, handed in by ${client}`}` +
          `${login === null ? '' : `, logged in as ${login}`}`,
        ...recipients.map(
          ({ address, status: became, relay, reason }) =>
            `  ${became}: ${address} by ${relay}: ${reason}`,
        ),
      ]);
