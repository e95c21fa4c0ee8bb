import type { QueuedMessage } from '../queue.ts';
import type { QueueFile } from '../queue-file.ts';
import { newStory, type Story, type Told } from './story.ts';

/** The address of Postfix itself as a client: mail that it made. */
const originOf = ({ sender }: QueuedMessage, file: QueueFile | undefined): Story['origin'] => {
  if (file?.client !== undefined) return { kind: 'client', client: file.client };
  return sender === '' ? { kind: 'postfix' } : { kind: 'program', from: sender };
};

/** Adds to the stories of the log what the queue knows, and the messages that it alone knows. */
export function withQueue(
  { stories, refusals }: Told,
  queue: readonly QueuedMessage[],
  files: readonly QueueFile[],
): Told {
  const added: Story[] = [];
  for (const message of queue) {
    const file = files.find(({ id }) => id === message.id);
    // The last one of that ID: earlier ones have left.
    const known = stories.findLast(({ id, end }) => id === message.id && end === undefined);
    const story = known ?? newStory(message.id);
    if (known === undefined) added.push(story);
    story.queued = message;
    story.file = file;
    story.start ??= new Date(message.arrival * 1000);
    story.origin ??= originOf(message, file);
    story.messageId ??= file?.messageId;
    story.from ??= message.sender;
    story.size ??= message.size;
  }
  return { stories: [...stories, ...added], refusals };
}
