/** How the engine says no: dockerode's errors carry `statusCode` and the engine's words. */

/** The engine's own words, without the HTTP status that docker-modem puts in front of them. */
export function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, '').trim();
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
