import type { QueuedMessage } from '../postfix/queue-entry.ts';
import type { QueueFile } from '../postfix/queue-file.ts';
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
  const fileOf = new Map(files.map((file) => [file.id, file]));
  // The last one of an ID: earlier ones have left.
  const openOf = new Map(
    stories.filter(({ end }) => end === undefined).map((one) => [one.id, one]),
  );
  for (const message of queue) {
    const file = fileOf.get(message.id);
    const known = openOf.get(message.id);
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
