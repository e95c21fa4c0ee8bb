import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { sendMany, startSender } from '../support/sender.ts';

// "Nothing accepted is ever lost" rests on what the sender says was accepted: here it is held
// against what a provider without a relay in between has received.

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  provider = stack.use(await startProvider(network, { names: ['mx.example.com'] }));
});
beforeEach(async () => {
  await provider.setFaults();
  await provider.clearMessages();
});
afterAll(() => stack.disposeAsync());

it('says of every message that it was accepted', async () => {
  const sent = await sendMany(network, provider, { count: 2000, concurrency: 10 });
  expect(sent).toMatchObject({ refused: [], lost: [] });
  const ids = await provider.testIds();
  expect(ids).toHaveLength(2000);
  expect(new Set(ids)).toEqual(new Set(sent.accepted));
});

it('tells accepted, refused and lost apart, and tries no id twice', async () => {
  await provider.setFaults(
    { at: 'mail', reply: '451 4.3.0 busy', probability: 0.1, seed: 1 },
    { at: 'connect', action: 'close', probability: 0.1, seed: 2 },
    { at: 'body', action: 'vanish', probability: 0.05, seed: 3 },
    { at: 'end-of-data', action: 'vanish', keep: true, probability: 0.05, seed: 4 },
    { at: 'end-of-data', reply: '452 4.3.1 no room', probability: 0.05, seed: 5 },
  );
  const sent = await sendMany(network, provider, { count: 300, attempts: 1000, concurrency: 10 });
  const kept = (await provider.faults()).find(({ keep }) => keep)?.struck ?? 0;
  const ids = await provider.testIds();

  expect(sent.accepted.length).toBeGreaterThanOrEqual(300);
  expect(sent.refused.length).toBeGreaterThan(10);
  expect(kept).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids).isSupersetOf(new Set(sent.accepted))).toBe(true);
  const unasked = new Set(ids).difference(new Set(sent.accepted));
  expect(unasked.size).toBe(kept);
  expect(unasked.isSubsetOf(new Set(sent.lost.map(({ id }) => id)))).toBe(true);
});

it('can be told to come with fewer connections', async () => {
  await using small = await startProvider(network, { names: ['small.example'], maxConnections: 3 });
  const sent = await sendMany(network, small, { count: 50, attempts: 5000, concurrency: 6 });
  expect(sent.accepted.length).toBeGreaterThanOrEqual(50);
  expect((await small.stats()).peakSessions).toBe(3);
});

it('goes on when the other side was away', async () => {
  await provider.setAway(true);
  await using sender = await startSender(network, provider, { count: 50, attempts: 5000 });
  await eventually('a failure', async () => (await sender.progress()).lost.length > 0);
  await provider.setAway(false);
  const sent = await sender.finished();
  expect(sent.accepted.length).toBeGreaterThanOrEqual(50);
  expect(sent.lost[0]?.reply).toMatch(/ECONNREFUSED/);
});
