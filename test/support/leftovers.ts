import { removeLeftovers } from './engine.ts';
import { endAbandonedSwarm } from './swarm.ts';

/** For vitest's `globalSetup`: tidies up after runs that were killed. */
export async function setup(): Promise<void> {
  await endAbandonedSwarm();
  const removed = await removeLeftovers();
  if (removed > 0) console.log(`Removed ${removed} leftovers of earlier test runs.`);
}
