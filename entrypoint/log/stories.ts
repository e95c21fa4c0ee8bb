import type { Attempt, LogEvent, Refusal } from './event.ts';
import type { Listener } from './reader.ts';
import { newStory, type Story } from './story.ts';

/** Receives the stories. */
export interface Audience {
  /** A message has left the queue, and its story is forgotten. */
  ended(story: Story): void;
  /** A refusal that belongs to no message. */
  refused(refusal: Refusal): void;
  /** A delivery attempt, with the story of its message so far. */
  attempted?(story: Story, attempt: Attempt): void;
  /** Whether a story keeps each attempt, or only the last one for each recipient. */
  keepsAttempts?(story: Story): boolean;
}

/** Ended stories that may still get a line, since several programs write the log. */
const LINGERING = 200;

/**
 * Groups the events by message, and forgets messages that have left. Postfix reuses queue IDs (they
 * are made of the file's number and the time). An ID that appears again belongs to a new message.
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

  /** The stories that have not ended, in the order in which they began. */
  get open(): readonly Story[] {
    return [...this.#current.values()].filter(({ end }) => end === undefined);
  }

  /** Reports the remaining ended stories at the end of a log. */
  close(): void {
    for (const story of this.#ended) this.#letGo(story);
  }

  #storyOf(id: string, { kind }: LogEvent): Story {
    const known = this.#current.get(id);
    const isFirst = kind === 'client' || kind === 'program';
    const isAnother = known?.end !== undefined && kind === 'message-id';
    if (known !== undefined && !isFirst && !isAnother) return known;
    // A message with several IDs leaves the queue once for each of them.
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

  /** Adds an ID to the story; some of its events may have come before. */
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
