/** Work that makes something, and a signal that comes in the middle of it. */

/** The exit code after a signal: 128 and its number, as shells have it. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Until the answer is disposed of, these signals do not end the program.
 * @param hear gets the exit code of each that comes
 */
function hearSignals(hear: (code: number) => void): Disposable {
  const handlers = new DisposableStack();
  for (const [signal, code] of Object.entries(SIGNAL_CODES)) {
    const handler = (): void => hear(code);
    process.on(signal, handler);
    handlers.defer(() => void process.off(signal, handler));
  }
  return handlers;
}

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
