import { reasonOf } from '../postfix/queue-entry.ts';
import type { Attempt } from './event.ts';
import type { Story } from './story.ts';

/** The result for a message, for all its recipients together. */
export type Verdict =
  | 'delivered'
  | 'partly delivered'
  | 'returned'
  | 'expired'
  | 'waiting'
  | 'being delivered'
  | 'on hold'
  | 'refused'
  | 'deleted'
  | 'unknown';

/** The last attempt for each recipient, without the hand-over to the signer. */
export function lastAttempts({ attempts }: Pick<Story, 'attempts'>): readonly Attempt[] {
  const last = new Map(attempts.map((attempt) => [`${attempt.to} ${attempt.origTo}`, attempt]));
  return [...last.values()].filter(({ handedTo }) => handedTo === undefined);
}

/**
 * @param queueKnown whether the queue was looked at: then a message that is not there has left
 */
export function verdictOf(story: Story, queueKnown: boolean): Verdict {
  if (story.queued !== undefined) return inQueue(story.queued);
  if (story.end?.kind === 'canceled') return 'refused';
  if (story.end?.kind === 'deleted') return 'deleted';
  const last = lastAttempts(story);
  if (story.expired !== undefined) return 'expired';
  const count = (status: Attempt['status']) => last.filter((one) => one.status === status).length;
  if (last.length > 0 && count('sent') === last.length) return 'delivered';
  if (count('bounced') + count('expired') > 0) {
    return count('sent') > 0 ? 'partly delivered' : 'returned';
  }
  if (story.end !== undefined || queueKnown) return 'unknown';
  return count('deferred') > 0 ? 'waiting' : 'being delivered';
}

function inQueue(message: NonNullable<Story['queued']>): Verdict {
  if (message.queue === 'hold') return 'on hold';
  return reasonOf(message) === undefined ? 'being delivered' : 'waiting';
}
