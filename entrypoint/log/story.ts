import type { QueuedMessage } from '../postfix/queue-entry.ts';
import type { QueueFile } from '../postfix/queue-file.ts';
import type { Attempt, LogEvent, Refusal, Timed } from './event.ts';

/** How a message came to this relay. */
export type Origin =
  | { readonly kind: 'client'; readonly client: string }
  /** `sendmail` in the container. */
  | { readonly kind: 'program'; readonly from: string }
  /** Postfix itself: a bounce. */
  | { readonly kind: 'postfix' };

/** A notice that went back to the sender, with its own story. */
export interface Notice {
  readonly time: Date;
  /** `sender non-delivery notification`, `sender delay notification` … */
  readonly what: string;
  readonly id: string;
  readonly story: Story | undefined;
}

/** All that is known of one message. */
export interface Story {
  readonly id: string;
  start: Date | undefined;
  origin: Origin | undefined;
  messageId: string | undefined;
  from: string | undefined;
  size: number | undefined;
  readonly attempts: Timed<Attempt>[];
  /** Recipients, or the message itself, that were not taken. */
  readonly refusals: Timed<Refusal>[];
  readonly notices: Notice[];
  /** What this message is a notice about. */
  about: Story | undefined;
  expired: Date | undefined;
  tooLarge: Date | undefined;
  /** How it left the queue. */
  end: { readonly kind: 'removed' | 'canceled' | 'deleted'; readonly time: Date } | undefined;
  /** Where it is in the queue now, and what its file there says. */
  queued: QueuedMessage | undefined;
  file: QueueFile | undefined;
}

/** A message of which nothing is known yet. */
export const newStory = (id: string): Story => ({
  id,
  start: undefined,
  origin: undefined,
  messageId: undefined,
  from: undefined,
  size: undefined,
  attempts: [],
  refusals: [],
  notices: [],
  about: undefined,
  expired: undefined,
  tooLarge: undefined,
  end: undefined,
  queued: undefined,
  file: undefined,
});

/** The stories of a log, and the refusals of mail that never got an ID. */
export interface Told {
  readonly stories: readonly Story[];
  readonly refusals: readonly Timed<Refusal>[];
}

/** Such an event is the first that there is of a message. */
const isFirst = (event: LogEvent): boolean => event.kind === 'client' || event.kind === 'program';

/**
 * Puts the events of each message together. An ID is used again for another message (it is made of
 * the file's number and the time), so what comes in under an ID whose message has left is new.
 */
export function tell(events: readonly Timed[]): Told {
  const stories: Story[] = [];
  const refusals: Timed<Refusal>[] = [];
  const current = new Map<string, Story>();
  const begin = (id: string): Story => {
    const story = newStory(id);
    current.set(id, story);
    stories.push(story);
    return story;
  };
  for (const event of events) {
    if (event.kind === 'put off') continue;
    if (event.kind === 'refused' && event.id === undefined) {
      refusals.push(event);
      continue;
    }
    const id = event.id ?? '';
    const known = current.get(id);
    const isNew = known === undefined || isFirst(event);
    const isAnother = known?.end !== undefined && event.kind === 'message-id';
    const story = isNew || isAnother ? begin(id) : known;
    story.start ??= event.time;
    add(story, event, (other) => current.get(other) ?? begin(other));
  }
  return { stories, refusals };
}

function add(story: Story, event: Timed, find: (id: string) => Story): void {
  switch (event.kind) {
    case 'client':
      story.origin = { kind: 'client', client: event.client };
      return;
    case 'program':
      story.origin = { kind: 'program', from: event.from };
      return;
    case 'message-id':
      story.messageId ??= event.messageId;
      return;
    case 'queued':
      story.from = event.from;
      story.size = event.size;
      return;
    case 'expired':
      story.from = event.from;
      story.expired = event.time;
      return;
    case 'attempt':
      story.attempts.push(event);
      return;
    case 'refused':
      story.refusals.push(event);
      return;
    case 'notified': {
      const notice = find(event.by);
      notice.about = story;
      notice.origin ??= { kind: 'postfix' };
      story.notices.push({ time: event.time, what: event.what, id: event.by, story: notice });
      return;
    }
    case 'too large':
      story.tooLarge = event.time;
      return;
    case 'canceled':
    case 'deleted':
    case 'removed':
      story.end = { kind: event.kind, time: event.time };
      return;
    case 'put off':
      return;
  }
}
