import type { Request } from '../../settings/alert-target.ts';

/** A service that does not answer within this time counts as away. */
const PATIENCE_MS = 10_000;

/**
 * Sends an alert.
 * @returns what went wrong, or undefined; only the host is named, since addresses hold tokens
 */
export async function send({ url, headers, body }: Request): Promise<string | undefined> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `${host} answered ${response.status}`;
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    return `${host} could not be reached (${code})`;
  }
}
