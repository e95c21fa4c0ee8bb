/** The exit code after a signal: 128 and its number, as shells have it. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Until the answer is disposed of, these signals do not end the program.
 * @param hear gets the exit code of each that comes
 */
export function hearSignals(hear: (code: number) => void): Disposable {
  const handlers = new DisposableStack();
  for (const [signal, code] of Object.entries(SIGNAL_CODES)) {
    const handler = (): void => hear(code);
    process.on(signal, handler);
    handlers.defer(() => void process.off(signal, handler));
  }
  return handlers;
}
