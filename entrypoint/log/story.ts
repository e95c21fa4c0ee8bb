import type { QueuedMessage } from '../postfix/queue-entry.ts';
import type { QueueFile } from '../postfix/queue-file.ts';
import type { Attempt, Refusal } from './event.ts';

/** How a message came to this relay. */
export type Origin =
  | { readonly kind: 'client'; readonly client: string; readonly login: string | undefined }
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
  /** Those under which it went on when it was signed. */
  readonly laterIds: string[];
  /** The IDs that are no longer in the queue. */
  readonly left: Set<string>;
  start: Date | undefined;
  origin: Origin | undefined;
  messageId: string | undefined;
  from: string | undefined;
  size: number | undefined;
  readonly attempts: Attempt[];
  /** Recipients, or the message itself, that were not taken. */
  readonly refusals: Refusal[];
  readonly notices: Notice[];
  /** The message that this notice is about. */
  about: Story | undefined;
  expired: Date | undefined;
  /** How it left the queue, under all its IDs. */
  end: { readonly kind: 'removed' | 'canceled' | 'deleted'; readonly time: Date } | undefined;
  /** Its current entry in the queue, and the content of its queue file. */
  queued: QueuedMessage | undefined;
  file: QueueFile | undefined;
}

/** A message without any event yet. */
export const newStory = (id: string): Story => ({
  id,
  laterIds: [],
  left: new Set(),
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
  end: undefined,
  queued: undefined,
  file: undefined,
});
