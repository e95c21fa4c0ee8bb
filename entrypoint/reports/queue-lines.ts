import { ageWords, type QueuedMessage, reasonOf } from '../postfix/queue-entry.ts';

const STATES: Readonly<Record<string, string>> = {
  maildrop: 'just come in',
  incoming: 'just come in',
  active: 'being delivered',
  deferred: 'waits for the next attempt',
  hold: 'on hold',
};

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} kB`;

/** One message, in two or three lines. */
export function messageLines(message: QueuedMessage, now: number): readonly string[] {
  const { id, arrival, size, sender, recipients, queue } = message;
  const reason = reasonOf(message);
  const from = sender === '' ? 'a bounce' : `from ${sender}`;
  return [
    `${id}  ${ageWords(now - arrival)}  ${kilobytes(size)}  ${STATES[queue] ?? queue}`,
    `  ${from} to ${recipients.map(({ address }) => address).join(', ')}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
  ];
}

/** The whole queue, oldest first. */
export function listLines(messages: readonly QueuedMessage[], now: number): readonly string[] {
  if (messages.length === 0) return ['the queue is empty'];
  const oldestFirst = [...messages].sort((a, b) => a.arrival - b.arrival);
  return oldestFirst.flatMap((message) => messageLines(message, now));
}
