import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait. */
export interface Patience {
  /** Gives up after this time; default 2 min: a limit for what hangs, not for what is slow. */
  readonly timeoutMs?: number;
  /** Time between two looks; default 50 ms. */
  readonly everyMs?: number;
}

/** The result of a look until the awaited event. */
export type NotYet = undefined | null | false;

/**
 * Looks again and again until there is something to see.
 *
 * @param what completes the sentence "waited 120 s for …" of the failure
 * @param look returns the awaited value; undefined, null, false or an exception mean "not yet"
 * @throws Error with what was waited for and the last exception, if there was one
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | NotYet> | T | NotYet,
  { timeoutMs = 120_000, everyMs = 50 }: Patience = {},
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const seen = await attempt(look);
    if (seen.found) return seen.value;
    if (performance.now() - start >= timeoutMs) {
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}`, { cause: seen.error });
    }
    await pause(everyMs);
  }
}

/** An exception that `eventually` passes on at once: waiting longer cannot help. */
export class Hopeless extends Error {}

async function attempt<T>(
  look: () => Promise<T | NotYet> | T | NotYet,
): Promise<{ found: true; value: T } | { found: false; error?: unknown }> {
  try {
    const value = await look();
    if (value === undefined || value === null || value === false) return { found: false };
    return { found: true, value };
  } catch (error) {
    if (error instanceof Hopeless) throw error;
    return { found: false, error };
  }
}
