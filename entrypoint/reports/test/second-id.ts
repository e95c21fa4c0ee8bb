import { BounceLog } from '../../postfix/running/bounce-log.ts';
import type { Incoming } from '../../postfix/running/incoming.ts';
import { queueOf } from '../../postfix/running/list-queue.ts';

/** Signing and a delivery take longer. */
const BETWEEN_LOOKS_MS = 5;

/** A message under one of its IDs. */
export interface Queued {
  readonly id: string;
  /** The log of its bounces; undefined when its queue file was not found in time. */
  readonly log: BounceLog | undefined;
}

/**
 * Looks out for the second ID that a mail gets when it is signed, from before it is taken: nothing
 * else tells it, and it may be delivered within milliseconds.
 */
export class SecondId implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #found: Queued | undefined;

  /** @param incoming has found the first ID; @param mark what the mail holds and no other */
  constructor(spool: string, incoming: Incoming, mark: string) {
    this.#timer = setInterval(() => {
      const id = incoming.find(mark);
      if (id === undefined) return;
      clearInterval(this.#timer);
      this.#found = { id, log: logOf(spool, id) };
    }, BETWEEN_LOOKS_MS);
  }

  /** Undefined without a second ID, or when its queue file disappeared too soon. */
  get found(): Queued | undefined {
    return this.#found;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#found?.log?.close();
  }
}

/** An older file of bounce(8), or one that will never be removed, proves nothing. */
function logOf(spool: string, id: string): BounceLog | undefined {
  const log = BounceLog.openIfNew(spool, id);
  if (log === undefined || queueOf(id, spool) !== undefined) return log;
  log.discard();
  return undefined;
}
