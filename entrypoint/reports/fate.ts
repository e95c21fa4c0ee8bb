import { setTimeout as pause } from 'node:timers/promises';
import { type QueuedMessage, reasonOf } from '../postfix/queue-entry.ts';
import type { Bounced, BounceLog } from '../postfix/running/bounce-log.ts';

/** What became of a message. */
export type Fate =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'bounced'; readonly bounces: readonly Bounced[] }
  | { readonly kind: 'deferred'; readonly reason: string }
  | { readonly kind: 'held' }
  /** Still being delivered when the patience ended. */
  | { readonly kind: 'pending' }
  /** It has left the queue, and nobody looked whether it was delivered. */
  | { readonly kind: 'unknown' };

/** What one look at the queue says, or undefined while it says nothing final. */
export function fateInQueue(message: QueuedMessage): Fate | undefined {
  const reason = reasonOf(message);
  if (message.queue === 'hold') return { kind: 'held' };
  return reason === undefined ? undefined : { kind: 'deferred', reason };
}

/** What it means that a message is no longer in the queue. */
export function fateAfter(log: Pick<BounceLog, 'bounces'> | undefined): Fate {
  if (log === undefined) return { kind: 'unknown' };
  const bounces = log.bounces();
  return bounces.length > 0 ? { kind: 'bounced', bounces } : { kind: 'delivered' };
}

const BETWEEN_LOOKS_MS = 150;

/**
 * Follows a message until it is gone, or an attempt has failed.
 * @param look reads the queue
 */
export async function follow(
  id: string,
  log: Pick<BounceLog, 'bounces'> | undefined,
  look: () => Promise<readonly QueuedMessage[]>,
  patienceMs: number,
): Promise<Fate> {
  const end = performance.now() + patienceMs;
  // A message that moves to another queue while it is listed is missed, but not twice in a row.
  let absences = 0;
  while (performance.now() < end) {
    const message = (await look()).find((one) => one.id === id);
    absences = message === undefined ? absences + 1 : 0;
    if (absences === 2) return fateAfter(log);
    const fate = message === undefined ? undefined : fateInQueue(message);
    if (fate !== undefined) return fate;
    await pause(BETWEEN_LOOKS_MS);
  }
  return { kind: 'pending' };
}
