/** Work that makes something, and a signal that comes in the middle of it. */
import { hearSignals } from './signals.ts';

/** The end after a signal, when what had been made is removed again. */
export class BrokenOff extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('broken off');
    this.exitCode = exitCode;
  }
}

/**
 * A signal does not end the program while this work lasts: the work ends by itself, or gives up at
 * its next step, and so removes what it made.
 * @throws BrokenOff after a signal, whatever came of the work
 */
export async function untilBrokenOff<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const broken = new AbortController();
  using _signals = hearSignals((code) => broken.abort(new BrokenOff(code)));
  const [outcome] = await Promise.allSettled([work(broken.signal)]);
  broken.signal.throwIfAborted();
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
