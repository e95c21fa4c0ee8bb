import type { Attempt, LogEvent, Refusal } from './event.ts';
import type { Listener } from './reader.ts';
import { newStory, type Story } from './story.ts';

/** Whoever is told stories. */
export interface Audience {
  /** A message has left; its story is let go of. */
  ended(story: Story): void;
  /** A refusal that belongs to no message. */
  refused(refusal: Refusal): void;
  /** An attempt of a message that is told of so far. */
  attempted?(story: Story, attempt: Attempt): void;
  /** Whether each attempt of a story is kept; of others it is the last for each recipient. */
  keepsAttempts?(story: Story): boolean;
}

/** So many stories may still get a line after they have ended: several programs write the log. */
const LINGERING = 200;

/**
 * Puts the events of each message together, and lets go of what has ended. An ID is used again for
 * another message (it is made of the file's number and the time), so what comes in under an ID whose
 * message has left is new.
 */
export class Stories implements Listener {
  readonly #current = new Map<string, Story>();
  readonly #ended = new Set<Story>();
  readonly #audience: Audience;

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  hear(event: LogEvent): void {
    if (event.kind === 'refused' && event.id === undefined) {
      this.#audience.refused(event);
      return;
    }
    const story = this.#storyOf(event.id ?? '', event);
    story.start ??= event.time;
    this.#add(story, event);
  }

  /** The stories that have not come to an end, in the order in which they began. */
  get open(): readonly Story[] {
    return [...this.#current.values()].filter(({ end }) => end === undefined);
  }

  /** Lets go of what has ended, at the end of a log. */
  close(): void {
    for (const story of this.#ended) this.#letGo(story);
  }

  #storyOf(id: string, { kind }: LogEvent): Story {
    const known = this.#current.get(id);
    const isFirst = kind === 'client' || kind === 'program';
    const isAnother = known?.end !== undefined && kind === 'message-id';
    if (known !== undefined && !isFirst && !isAnother) return known;
    // Only a part of the story has left, where the message went on under several IDs.
    if (known !== undefined && !isPart(known, id)) this.#letGo(known);
    return this.#begin(id);
  }

  #begin(id: string): Story {
    const story = newStory(id);
    this.#current.set(id, story);
    return story;
  }

  #letGo(story: Story): void {
    this.#ended.delete(story);
    for (const id of [story.id, ...story.laterIds]) {
      if (this.#current.get(id) === story) this.#current.delete(id);
    }
    this.#audience.ended(story);
  }

  #add(story: Story, event: LogEvent): void {
    switch (event.kind) {
      case 'client':
        story.origin = { kind: 'client', client: event.client, login: event.login };
        return;
      case 'program':
        story.origin = { kind: 'program', from: event.from };
        return;
      case 'message-id':
        story.messageId ??= event.messageId;
        return;
      case 'queued':
        // Signed mail has its rewritten sender.
        if (isPart(story, event.id)) return;
        story.from = event.from;
        story.size = event.size;
        return;
      case 'expired':
        story.from ??= event.from;
        story.expired = event.time;
        return;
      case 'attempt':
        this.#addAttempt(story, event);
        return;
      case 'refused':
        story.refusals.push(event);
        return;
      case 'notified': {
        const notice = this.#current.get(event.by) ?? this.#begin(event.by);
        notice.about = story;
        notice.origin ??= { kind: 'postfix' };
        story.notices.push({ time: event.time, what: event.what, id: event.by, story: notice });
        return;
      }
      case 'canceled':
      case 'deleted':
      case 'removed':
        story.left.add(event.id);
        if (![story.id, ...story.laterIds].every((id) => story.left.has(id))) return;
        story.end = { kind: event.kind, time: event.time };
        this.#ended.add(story);
        if (this.#ended.size > LINGERING) {
          const [oldest] = this.#ended;
          if (oldest !== undefined) this.#letGo(oldest);
        }
        return;
    }
  }

  #addAttempt(story: Story, attempt: Attempt): void {
    const { attempts } = story;
    if (this.#audience.keepsAttempts?.(story) !== true) {
      const former = attempts.findIndex(
        ({ to, origTo }) => to === attempt.to && origTo === attempt.origTo,
      );
      if (former >= 0) attempts.splice(former, 1);
    }
    attempts.push(attempt);
    if (attempt.handedTo !== undefined) this.#join(story, attempt.handedTo);
    this.#audience.attempted?.(story, attempt);
  }

  /** What is told of this ID belongs to the story; some of it may have been told already. */
  #join(story: Story, id: string): void {
    if (story.laterIds.includes(id)) return;
    story.laterIds.push(id);
    const part = this.#current.get(id);
    this.#current.set(id, story);
    if (part === undefined || part === story) return;
    this.#ended.delete(part);
    for (const attempt of part.attempts) story.attempts.push(attempt);
    for (const notice of part.notices) {
      story.notices.push(notice);
      if (notice.story !== undefined) notice.story.about = story;
    }
    for (const left of part.left) story.left.add(left);
    story.expired ??= part.expired;
  }
}

/** Whether a message of the story stands under this ID behind the first. */
const isPart = (story: Story, id: string): boolean => story.id !== id;
