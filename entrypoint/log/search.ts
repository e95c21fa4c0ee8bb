import type { Refusal, Timed } from './event.ts';
import type { Story, Told } from './story.ts';

/** Addresses are compared whole; capitals make no difference to any table of the relay either. */
const isSame = (a: string | undefined, b: string): boolean =>
  a !== undefined && a.toLowerCase() === b.toLowerCase();

/** A message-id is asked for with or without its brackets. */
const bare = (query: string): string => query.replace(/^<(.*)>$/, '$1');

/** Every address that a message had to do with. */
const addressesOf = (story: Story): readonly (string | undefined)[] => [
  story.from,
  story.origin?.kind === 'program' ? story.origin.from : undefined,
  ...story.attempts.flatMap(({ to, origTo }) => [to, origTo]),
  ...story.refusals.flatMap(({ from, to }) => [from, to]),
  ...(story.queued?.recipients.map(({ address }) => address) ?? []),
  ...(story.file?.originals ?? []),
];

const matches = (story: Story, query: string): boolean =>
  story.id === query ||
  isSame(story.messageId, bare(query)) ||
  addressesOf(story).some((address) => isSame(address, query));

/** What somebody who asks for a message is shown. */
export interface Found {
  /** The oldest first; a notice that stands in the story of its own message is left out. */
  readonly stories: readonly Story[];
  readonly refusals: readonly Timed<Refusal>[];
}

/** @param query a queue ID, a message-id, or the address of a sender or recipient */
export function search({ stories, refusals }: Told, query: string): Found {
  const found = stories.filter((story) => matches(story, query));
  // A notice is found by its own ID, or is a part of the message that it is about.
  const wanted = new Set(found.map((story) => story.about ?? story));
  return {
    stories: stories.filter((story) => wanted.has(story)),
    refusals: refusals.filter(({ from, to }) => isSame(from, query) || isSame(to, query)),
  };
}
