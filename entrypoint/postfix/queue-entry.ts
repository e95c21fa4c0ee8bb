import { unmarked } from './sender-mark.ts';
/** A queued message in the format of postqueue(1) ("JSON OBJECT FORMAT"). */
export interface QueuedMessage {
  readonly id: string;
  /** `incoming`, `active`, `deferred`, `hold` or `maildrop`. */
  readonly queue: string;
  /** Seconds since 1970. */
  readonly arrival: number;
  /** In bytes. */
  readonly size: number;
  readonly sender: string;
  readonly recipients: readonly QueuedRecipient[];
}

export interface QueuedRecipient {
  readonly address: string;
  /** Why the last attempt failed; undefined before the first one. */
  readonly reason: string | undefined;
}

interface PostqueueLine {
  readonly queue_name: string;
  readonly queue_id: string;
  readonly arrival_time: number;
  readonly message_size: number;
  readonly sender: string;
  readonly recipients: readonly { readonly address: string; readonly delay_reason?: string }[];
}

/** Reads one line of `postqueue -j`; undefined for a line that is no JSON object. */
export function readQueueLine(line: string): QueuedMessage | undefined {
  if (!line.startsWith('{')) return undefined;
  const entry: PostqueueLine = JSON.parse(line);
  return {
    id: entry.queue_id,
    queue: entry.queue_name,
    arrival: entry.arrival_time,
    size: entry.message_size,
    sender: unmarked(entry.sender),
    recipients: entry.recipients.map(({ address, delay_reason: reason }) => ({ address, reason })),
  };
}

/** The reason that a message waits for: that of its first recipient that has one. */
export const reasonOf = ({ recipients }: QueuedMessage): string | undefined =>
  recipients.find(({ reason }) => reason !== undefined)?.reason;

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** `3 min`, `2 h`, `5 d`: the largest unit that fits. */
export function ageWords(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? ['s', 1];
  return `${Math.max(0, Math.floor(seconds / length))} ${unit}`;
}
