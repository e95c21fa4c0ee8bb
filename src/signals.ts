/** The exit code after a signal: 128 and its number, as shells have it. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
