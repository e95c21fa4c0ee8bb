import type { QueuedMessage } from '../postfix/queue-entry.ts';
import type { QueueFile } from '../postfix/queue-file.ts';
import { newStory, type Story } from './story.ts';

const originOf = ({ sender }: QueuedMessage, file: QueueFile | undefined): Story['origin'] => {
  if (file?.client !== undefined) return { kind: 'client', client: file.client, login: undefined };
  return sender === '' ? { kind: 'postfix' } : { kind: 'program', from: sender };
};

/**
 * Adds what the queue knows to the stories that are open.
 * @returns a story for every message of the queue
 */
export function storiesInQueue(
  open: readonly Story[],
  queue: readonly QueuedMessage[],
  files: readonly QueueFile[],
): readonly Story[] {
  const fileOf = new Map(files.map((file) => [file.id, file]));
  const openOf = new Map(
    open.flatMap((story) => [story.id, ...story.laterIds].map((id) => [id, story])),
  );
  return queue.map((message) => {
    const file = fileOf.get(message.id);
    const story = openOf.get(message.id) ?? newStory(message.id);
    story.queued = message;
    story.file = file;
    story.start ??= new Date(message.arrival * 1000);
    story.origin ??= originOf(message, file);
    story.messageId ??= file?.messageId;
    story.from ??= message.sender;
    story.size ??= message.size;
    return story;
  });
}
