/** The input of alerts from the world, and their actions. */
import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import { writeDurably } from '../../install/durable.ts';
import { remembering } from '../../log/reader.ts';
import { eachQueued, QueueUnlisted } from '../../postfix/running/list-queue.ts';
import { SPOOL } from '../../postfix/spool.ts';
import { QueueSummary } from '../../reports/status/queue-summary.ts';
import type { Waiting } from '../../reports/status/waiting.ts';
import type { Ending } from '../../settings/ending.ts';
import { STATE_DIRECTORY } from '../state.ts';
import type { ExpectationState } from './expectations.ts';
import type { Send, Undelivered } from './outbox.ts';
import { send } from './send.ts';
import type { AllTold } from './told.ts';

/** The state that must survive a restart. */
export interface AlertState {
  readonly told: AllTold;
  readonly expected: ExpectationState;
  readonly undelivered: Undelivered;
}

export interface World {
  /** In milliseconds: the time since 1970, and one that is never set. */
  clock(): { readonly wall: number; readonly steady: number };
  /** Groups of mail that was tried and waits. @param now seconds since 1970 */
  waiting(now: number): Promise<readonly Waiting[]>;
  /** The disk of the queue, in bytes. */
  disk(): { readonly size: number; readonly free: number };
  /** Whether a changed file could not be applied (`watch`). */
  isReloadRefused(): boolean;
  endings(): readonly Ending[];
  readonly send: Send;
  readonly warn: (line: string) => void;
  readState(): Partial<AlertState>;
  writeState(state: AlertState): void;
}

/** The file of sent alerts, so that a restart does not repeat them. */
const STATE_FILE = `${STATE_DIRECTORY}/alerts.json`;

/** Left by scripts/image/watch.sh. */
const RELOAD_FAILED = '/tmp/reload-failed';

/** The world as it is. */
export const realWorld = (
  endings: () => readonly Ending[],
  warn: (line: string) => void,
): World => ({
  clock: () => ({ wall: Date.now(), steady: performance.now() }),
  waiting: waitingSince(),
  disk() {
    const { bsize, blocks, bavail } = statfsSync(SPOOL);
    return { size: blocks * bsize, free: bavail * bsize };
  },
  isReloadRefused: () => existsSync(RELOAD_FAILED),
  endings,
  send,
  warn,
  readState,
  writeState,
});

/** A queue that cannot be listed is `health`'s to tell. */
function waitingSince(): World['waiting'] {
  const explain = remembering(readDelivery);
  return async (now) => {
    const queue = new QueueSummary([], explain, now);
    try {
      await eachQueued((message) => queue.add(message));
    } catch (fault) {
      if (fault instanceof QueueUnlisted) return [];
      throw fault;
    }
    return queue.waiting;
  };
}

function readState(): Partial<AlertState> {
  try {
    return JSON.parse(readFileSync(STATE_FILE, 'utf8'), (key, value) =>
      key === 'time' ? new Date(value) : value,
    );
  } catch {
    // The first start, or no volume: then a restart tells again.
    return {};
  }
}

function writeState(state: AlertState): void {
  try {
    mkdirSync(STATE_DIRECTORY, { recursive: true, mode: 0o755 });
    writeDurably(STATE_FILE, JSON.stringify(state));
  } catch {
    // A restart without a volume repeats alerts; the policy at start says so.
  }
}
