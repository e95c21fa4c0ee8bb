import type { LogEvent, Refusal } from './event.ts';
import type { Listener } from './reader.ts';
import { EVERYTHING, type Query, queryFor, wholeStory } from './search.ts';
import { type Audience, Stories } from './stories.ts';
import type { Story } from './story.ts';

/** Maximum number of stories in one report. */
const MOST_FOUND = 500;

/** The number of messages in the list when the user gives no search term. */
export const MOST_LISTED = 20;

/** Collects the stories that match a search, and forgets all others. */
export class Tracing implements Listener, Audience {
  readonly refusals: Refusal[] = [];
  readonly #found = new Set<Story>();
  readonly #query: Query;
  readonly #most: number;
  readonly #stories = new Stories(this);

  /** @param text what is asked for; without it the last messages are found */
  static of(text: string | undefined): Tracing {
    return text === undefined ? new Tracing(EVERYTHING, MOST_LISTED) : new Tracing(queryFor(text));
  }

  /** @param most of more, the last ones are kept */
  private constructor(query: Query, most = MOST_FOUND) {
    this.#query = query;
    this.#most = most;
  }

  hear(event: LogEvent): void {
    this.#stories.hear(event);
  }

  keepsAttempts(story: Story): boolean {
    return this.#query.isAbout(story);
  }

  ended(story: Story): void {
    if (this.#query.isAbout(story)) keep(this.#found, wholeStory(story), this.#most);
  }

  refused(refusal: Refusal): void {
    if (!this.#query.isAboutRefusal(refusal)) return;
    this.refusals.push(refusal);
    if (this.refusals.length > this.#most) this.refusals.shift();
  }

  /** Those that have no end in the log, whether they are asked for or not. */
  get open(): readonly Story[] {
    return this.#stories.open;
  }

  /** The results: ended stories, and matching open ones. @param queued stories of the queue */
  found(queued: readonly Story[]): readonly Story[] {
    this.#stories.close();
    for (const story of new Set([...this.open, ...queued])) this.ended(story);
    return [...this.#found].sort((a, b) => (a.start?.getTime() ?? 0) - (b.start?.getTime() ?? 0));
  }
}

function keep(stories: Set<Story>, story: Story, most: number): void {
  stories.add(story);
  const [oldest] = stories;
  if (stories.size > most && oldest !== undefined) stories.delete(oldest);
}
