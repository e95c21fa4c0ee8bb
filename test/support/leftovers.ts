import { removeLeftovers } from './engine.ts';

/** For vitest's `globalSetup`: tidies up after runs that were killed. */
export async function setup(): Promise<void> {
  const removed = await removeLeftovers();
  if (removed > 0) console.log(`Removed ${removed} leftovers of earlier test runs.`);
}
