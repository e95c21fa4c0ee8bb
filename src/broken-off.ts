/** Work that makes something, and a signal that comes in the middle of it. */
import process from 'node:process';
import { SIGNAL_CODES } from './signals.ts';

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
  using handlers = new DisposableStack();
  const broken = new AbortController();
  for (const [signal, code] of Object.entries(SIGNAL_CODES)) {
    const hear = (): void => broken.abort(new BrokenOff(code));
    process.on(signal, hear);
    handlers.defer(() => void process.off(signal, hear));
  }
  const [outcome] = await Promise.allSettled([work(broken.signal)]);
  broken.signal.throwIfAborted();
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
