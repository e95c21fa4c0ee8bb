import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SWARM = 'test/integration/swarm.test.ts';

/** Ends what hangs: a test that is only slow, on a slow or busy machine, passes. */
const LIMIT = { testTimeout: 600_000, hookTimeout: 600_000 };

const containers = {
  ...LIMIT,
  // Loading testcontainers for each file anew would cost more than many a test.
  isolate: false,
  // Removes what a killed run has left behind.
  globalSetup: ['test/support/leftovers.ts'],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...LIMIT,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
          // The parts under test keep no state, so that files can share what they import.
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          ...containers,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [SWARM],
          // A test often waits for containers: three at once keep two processors busy.
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...containers,
          // A swarm is the whole engine's: it is made when nobody else is at work.
          name: 'integration-swarm',
          include: [SWARM],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
