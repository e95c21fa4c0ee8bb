import { setTimeout as pause } from 'node:timers/promises';
import { type QueuedMessage, reasonOf } from '../../postfix/queue-entry.ts';
import type { Bounced, BounceLog } from '../../postfix/running/bounce-log.ts';

/** The result for a message. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'bounced'; readonly bounces: readonly Bounced[] }
  | { readonly kind: 'deferred'; readonly reason: string }
  | { readonly kind: 'held' }
  /** Still being delivered when the patience ended. */
  | { readonly kind: 'pending' }
  /** It has left the queue; whether it was delivered is unknown. */
  | { readonly kind: 'unknown' };

/** The result from one look at the queue; undefined while the message is still on its way. */
export function outcomeInQueue(message: QueuedMessage): Outcome | undefined {
  const reason = reasonOf(message);
  if (message.queue === 'hold') return { kind: 'held' };
  return reason === undefined ? undefined : { kind: 'deferred', reason };
}

/** The result for a message that is no longer in the queue. */
export function outcomeAfter(log: Pick<BounceLog, 'bounces'> | undefined): Outcome {
  if (log === undefined) return { kind: 'unknown' };
  const bounces = log.bounces();
  return bounces.length > 0 ? { kind: 'bounced', bounces } : { kind: 'delivered' };
}

const BETWEEN_LOOKS_MS = 150;

/** How the queue is looked at. */
export interface Look {
  /** The queue of the message; undefined when it has left. */
  readonly queueOf: (id: string) => string | undefined;
  /** Its entry in the list of all that waits, which takes longer. */
  readonly entryOf: (id: string) => Promise<QueuedMessage | undefined>;
}

/** The queues of a message after a failed attempt, or on hold. */
const RESTING = ['deferred', 'hold'];

/** Follows a message until it is gone, or an attempt has failed. */
export async function follow(
  id: string,
  log: Pick<BounceLog, 'bounces'> | undefined,
  { queueOf, entryOf }: Look,
  patienceMs: number,
): Promise<Outcome> {
  const end = performance.now() + patienceMs;
  // A message that moves to another queue while it is looked for is missed, but not twice in a row.
  let absences = 0;
  while (performance.now() < end) {
    const queue = queueOf(id);
    absences = queue === undefined ? absences + 1 : 0;
    if (absences === 2) return outcomeAfter(log);
    const message = RESTING.includes(queue ?? '') ? await entryOf(id) : undefined;
    const outcome = message === undefined ? undefined : outcomeInQueue(message);
    if (outcome !== undefined) return outcome;
    await pause(BETWEEN_LOOKS_MS);
  }
  return { kind: 'pending' };
}
