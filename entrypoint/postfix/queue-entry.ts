/** What waits, as postqueue(1) tells it ("JSON OBJECT FORMAT"). */
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

/** Reads the output of `postqueue -j`: a JSON object a line. */
export const readQueue = (output: string): readonly QueuedMessage[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const entry: PostqueueLine = JSON.parse(line);
      return {
        id: entry.queue_id,
        queue: entry.queue_name,
        arrival: entry.arrival_time,
        size: entry.message_size,
        sender: entry.sender,
        recipients: entry.recipients.map(({ address, delay_reason: reason }) => ({
          address,
          reason,
        })),
      };
    });

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

const AGES: readonly (readonly [string, number])[] = [
  ['under an hour', 3_600],
  ['under a day', 86_400],
  ['older', Number.POSITIVE_INFINITY],
];

/** How many messages have waited about so long: `under an hour`. */
export interface AgeCount {
  readonly age: string;
  readonly count: number;
}

/** How many messages have waited how long; what nobody waits for is left out. */
export function countByAge(messages: readonly QueuedMessage[], now: number): readonly AgeCount[] {
  const ageOf = ({ arrival }: QueuedMessage): string =>
    AGES.find(([, limit]) => now - arrival < limit)?.[0] ?? 'older';
  return AGES.map(([age]) => ({
    age,
    count: messages.filter((message) => ageOf(message) === age).length,
  })).filter(({ count }) => count > 0);
}
