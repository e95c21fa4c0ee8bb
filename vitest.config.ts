import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SWARM = 'test/integration/swarm.test.ts';
const LAN = 'test/integration/nas-on-the-lan.test.ts';

export default defineConfig({
  test: {
    // An integration test mostly waits for containers, so two at once pay on two cores as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [SWARM, LAN],
          // Removes what a killed run has left behind.
          globalSetup: ['test/support/leftovers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // A swarm is the whole engine's: it is made when nobody else is at work.
          name: 'integration-swarm',
          include: [SWARM],
          sequence: { groupOrder: 1 },
          globalSetup: ['test/support/leftovers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Where a LAN's addresses are no network's of the engine.
          name: 'integration-lan',
          include: [LAN],
          sequence: { groupOrder: 2 },
          globalSetup: ['test/support/leftovers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
