import type { Refusal } from './event.ts';
import type { Story } from './story.ts';

/** Addresses are compared whole; capitals make no difference to any table of the relay either. */
const isSame = (a: string | undefined, b: string): boolean =>
  a !== undefined && a.toLowerCase() === b;

/** Every address that a message had to do with. */
const addressesOf = (story: Story): readonly (string | undefined)[] => [
  story.from,
  story.origin?.kind === 'program' ? story.origin.from : undefined,
  ...story.attempts.flatMap(({ to, origTo }) => [to, origTo]),
  ...story.refusals.flatMap(({ from, to }) => [from, to]),
  ...(story.queued?.recipients.map(({ address }) => address) ?? []),
  ...(story.file?.originals ?? []),
];

/** The search term: a queue ID, a message-id, or the address of a sender or recipient. */
export interface Query {
  readonly isAbout: (story: Story) => boolean;
  readonly isAboutRefusal: (refusal: Refusal) => boolean;
}

/** @param text a message-id may stand in its brackets, or not */
export function queryFor(text: string): Query {
  const address = text.toLowerCase();
  const messageId = address.replace(/^<(.*)>$/, '$1');
  return {
    isAbout: (story) =>
      story.id === text ||
      story.laterIds.includes(text) ||
      isSame(story.messageId, messageId) ||
      addressesOf(story).some((one) => isSame(one, address)),
    isAboutRefusal: ({ from, to }) => isSame(from, address) || isSame(to, address),
  };
}

/** A notice stands in the story of the message that it is about. */
export const wholeStory = (story: Story): Story => story.about ?? story;

/** Every message; a notice belongs to the message that it is about. */
export const EVERYTHING: Query = { isAbout: () => true, isAboutRefusal: () => true };
