/** A run that leaves nothing behind: at its end, and when somebody breaks it off. */
import process from 'node:process';
import { hearSignals } from '../signals.ts';
import { within } from './patience.ts';

const LATER = 'the next "hikyaku verify" removes what is left';

/**
 * Works, and removes what was made for it. After a signal nothing is heard of the work any more,
 * since what it finds is no fault of the image: the program ends with the signal's code as soon as
 * everything is removed.
 * @param warn is told what happens, and what could not be removed
 */
export async function cleanRun<T>(
  made: AsyncDisposable,
  work: () => Promise<T>,
  warn: (line: string) => void,
): Promise<T> {
  let removal: Promise<void> | undefined;
  const remove = (): Promise<void> => {
    removal ??= removeAll(made, warn);
    return removal;
  };
  using interruption = new Interruption(remove, warn);
  const [outcome] = await Promise.allSettled([work()]);
  await remove();
  if (interruption.isUnderWay) await new Promise<never>(() => {});
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/** What was on its way when the run was broken off, as a network that is joined, is in the way. */
async function removeAll(made: AsyncDisposable, warn: (line: string) => void): Promise<void> {
  let reason: unknown;
  const gone = await within(20, async () => {
    try {
      await made[Symbol.asyncDispose]();
      return true;
    } catch (fault) {
      reason = fault;
      return undefined;
    }
  });
  if (gone === true) return;
  const words = reason instanceof Error ? reason.message : String(reason);
  warn(`not everything could be removed (${words}): ${LATER}`);
}

/** One Ctrl-C may arrive twice: from the terminal, and from the program that started this one. */
const SAME_MS = 300;

/** Signals while the run lasts: the first begins the removal, the second changes nothing, the third ends it. */
class Interruption implements Disposable {
  readonly #signals: Disposable;
  readonly #remove: () => Promise<void>;
  readonly #warn: (line: string) => void;
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;
  #code = 0;

  constructor(remove: () => Promise<void>, warn: (line: string) => void) {
    this.#remove = remove;
    this.#warn = warn;
    this.#signals = hearSignals((code) => this.#hear(code));
  }

  get isUnderWay(): boolean {
    return this.#count > 0;
  }

  #hear(code: number): void {
    const now = performance.now();
    if (now - this.#last < SAME_MS) return;
    this.#last = now;
    this.#count += 1;
    if (this.#count === 1) this.#begin(code);
    else if (this.#count === 2) this.#warn(`still removing; once more, and ${LATER}`);
    else process.exit(this.#code);
  }

  #begin(code: number): void {
    this.#code = code;
    this.#warn('removing what was started …');
    void this.#remove().finally(() => process.exit(code));
  }

  [Symbol.dispose](): void {
    this.#signals[Symbol.dispose]();
  }
}
