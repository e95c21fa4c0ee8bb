import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until there is something, and gives up with `undefined`. */
export async function within<T>(
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || performance.now() >= end) return seen;
    await pause(150);
  }
}
