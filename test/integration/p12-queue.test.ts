import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { FaultRule } from '../support/provider/api.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P12, one mishap at a time: nothing accepted is lost. All of them together: p12-chaos.test.ts.

const RELAY = {
  RELAY_HOST: 'mail.isp.example',
  RELAY_USERNAME: 'hoge',
  RELAY_PASSWORD: 'piyopiyo',
  RELAY_TLS: 'encrypt',
};
const IMPATIENT = {
  ...RELAY,
  // A provider that hangs is given up after seconds, not minutes.
  POSTFIX_smtp_mail_timeout: '2s',
  POSTFIX_smtp_data_xfer_timeout: '2s',
  POSTFIX_smtp_data_done_timeout: '2s',
};

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
});
afterAll(() => stack.disposeAsync());

/** Hands over a mail of some size, and returns its X-Test-Id. */
async function hand(relay: Relay): Promise<string> {
  const id = randomUUID();
  const mail = {
    from: 'nas@home.example',
    to: `${id}@example.com`,
    headers: { 'X-Test-Id': id },
    body: `${'x'.repeat(70)}\n`.repeat(2000),
  };
  expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  return id;
}

/** Waits until all that was accepted has arrived; returns every arrival. */
function arrivals(relay: Relay, provider: ProviderHandle, ids: readonly string[]) {
  return eventually(
    'everything that was accepted',
    async () => {
      await relay.flush();
      const there = await provider.testIds();
      return new Set(ids).isSubsetOf(new Set(there)) && there;
    },
    { everyMs: 500 },
  );
}

it('mail waits for a provider that is away, and goes there when it is back', async () => {
  await using relay = await startRelay(network, { env: RELAY });
  const id = await hand(relay);
  expect(await relay.waitForDelay(`${id}@example.com`)).toMatch(/not found|not known/);
  await using provider = await startIsp(network);
  expect(await arrivals(relay, provider, [id])).toEqual([id]);
});

describe('mail waits, and arrives once, when the provider', () => {
  let provider: ProviderHandle;
  let relay: Relay;
  beforeAll(async () => {
    provider = stack.use(await startIsp(network));
    relay = stack.use(await startRelay(network, { env: IMPATIENT }));
  });
  beforeEach(() => provider.clearMessages());
  afterAll(async () => {
    await relay[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const MISHAPS: readonly [string, RegExp, ...FaultRule[]][] = [
    // Sessions that are still open from the test before would get past the fault at the start.
    [
      'drops every connection',
      /lost connection/,
      { at: 'connect', action: 'close' },
      { at: 'mail', action: 'close' },
    ],
    [
      'cannot take it now',
      /said: 451 4\.3\.2 try again later/,
      { at: 'mail', reply: '451 4.3.2 try again later' },
    ],
    ['has not heard of it yet', /said: 450 4\.2\.0/, { at: 'rcpt', reply: '450 4.2.0 greylisted' }],
    ['does not answer', /timed out/, { at: 'mail', action: 'hang' }],
    [
      'vanishes in the middle of DATA',
      /lost connection|Connection reset/,
      { at: 'body', action: 'vanish', after_bytes: 60_000 },
    ],
    [
      'hangs in the middle of DATA',
      /timed out/,
      { at: 'body', action: 'hang', after_bytes: 60_000 },
    ],
    ['vanishes after the final dot', /lost connection/, { at: 'end-of-data', action: 'vanish' }],
    [
      'cannot store it',
      /said: 452 4\.3\.1 no room/,
      { at: 'end-of-data', reply: '452 4.3.1 no room' },
    ],
  ];
  it.each(MISHAPS)('%s', async (_what, reason, ...rules) => {
    await provider.setFaults(...rules);
    const id = await hand(relay);
    expect(await relay.waitForDelay(`${id}@example.com`)).toMatch(reason);
    await provider.setFaults();
    expect(await arrivals(relay, provider, [id])).toEqual([id]);
  });

  it('stores it, but vanishes before it says so: then it comes twice', async () => {
    await provider.setFaults({ at: 'end-of-data', action: 'vanish', keep: true, times: 1 });
    const id = await hand(relay);
    await relay.waitForDelay(`${id}@example.com`);
    expect(await provider.testIds()).toEqual([id]);
    await relay.flush();
    await provider.waitForMessages(2);
    expect(await provider.testIds()).toEqual([id, id]);
  });
});

describe('mail that waits, and mail that is just coming in, survives', () => {
  let provider: ProviderHandle;
  beforeAll(async () => {
    provider = stack.use(await startIsp(network));
  });
  const WAIT: FaultRule = { at: 'mail', reply: '451 4.3.2 try again later' };

  const ENDS: readonly [string, (relay: Relay, spool: TestVolume) => Promise<Relay>][] = [
    [
      'docker kill',
      async (relay) => {
        await relay.kill();
        await relay.waitForExit();
        await relay.start();
        return relay;
      },
    ],
    [
      'docker stop',
      async (relay) => {
        expect(await relay.stop()).toBe(0);
        await relay.start();
        return relay;
      },
    ],
    [
      'a new container on the same volume',
      async (relay, spool) => {
        await relay[Symbol.asyncDispose]();
        return startRelay(network, { env: RELAY, spool });
      },
    ],
  ];
  it.each(ENDS)('%s', async (_what, end) => {
    await provider.clearMessages();
    await using spool = await createVolume();
    await using disposables = new AsyncDisposableStack();
    const relay = await startRelay(network, { env: RELAY, spool });
    disposables.use(relay);
    await provider.setFaults(WAIT);
    const waiting = [await hand(relay), await hand(relay)];
    const [ended, burst] = await Promise.all([
      eventually('mail from the other client', async () =>
        (await relay.queue()).some(({ sender }) => sender === 'burst@home.example'),
      ).then(() => end(relay, spool)),
      sendMany(network, relay, { from: 'burst@home.example', count: 150, attempts: 300 }),
    ]);
    disposables.use(ended);
    await provider.setFaults();
    const ids = [...waiting, ...burst.accepted];
    const there = await arrivals(ended, provider, ids);
    expect(there.length).toBe(new Set(there).size);
    expect(burst.accepted.length).toBeGreaterThan(0);
  });
});
