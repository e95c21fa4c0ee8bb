import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';
import { type Dialogue, startTalker, type Talker } from '../support/talker.ts';

// Many at once, slow ones among them, and a provider that makes the relay come again. That accounts
// share no session under load is shown with P8.

const TO = 'you@example.com';
const HELLO: Dialogue = [{ hear: 1 }, { say: 'EHLO app.home.example\r\n' }, { hear: 1 }];

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;
let relay: Relay;
let client: Client;
let talker: Talker;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  client = stack.use(await startClient(network));
  talker = stack.use(await startTalker(network));
  const env = {
    // The relay comes again by itself, and sooner than the minutes that Postfix would wait.
    POSTFIX_minimal_backoff_time: '1s',
    POSTFIX_maximal_backoff_time: '2s',
    POSTFIX_queue_run_delay: '1s',
  };
  relay = stack.use(await startRelay(network, customerOf(provider, { env })));
});
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  await provider.setFaults();
  await provider.clearMessages();
});

/** Waits until these have arrived and the queue is empty, and returns all that have. */
async function arrivedAfter(accepted: readonly string[]): Promise<string[]> {
  const patience = { everyMs: 200 };
  await eventually(
    'all that was accepted',
    async () => {
      const { messages } = await provider.stats();
      return messages >= accepted.length;
    },
    patience,
  );
  await eventually('an empty queue', async () => (await relay.queue()).length === 0, patience);
  return (await provider.testIds()).sort();
}

it('of 200 clients at once each is taken or told to come back, and all that is taken arrives once', async () => {
  const count = 400;
  const { accepted, refused, lost } = await sendMany(network, relay, { count, concurrency: 200 });
  expect(lost).toEqual([]);
  expect(refused.filter(({ reply }) => !reply.startsWith('4'))).toEqual([]);
  expect(accepted.length + refused.length).toBe(count);
  expect(await arrivedAfter(accepted)).toEqual([...accepted].sort());
});

it('clients that never finish do not keep another machine from sending', async () => {
  const begun: Dialogue = [
    ...HELLO,
    { say: `MAIL FROM:<slow@home.example>\r\nRCPT TO:<${TO}>\r\nDATA\r\n` },
    { hear: 3 },
    { say: 'Subject: never to be finished\r\n\r\nThis is' },
  ];
  const unfinished: readonly Dialogue[] = [[{ hear: 1 }], HELLO, begun];
  const places = 260;
  await using held = await talker.hold(
    relay,
    Array.from({ length: places }, (_, index) => unfinished[index % unfinished.length] ?? []),
  );
  // One machine does not get all the places: its other clients are told to come back.
  const turnedAway = held.results.filter(({ replies }) => replies.at(-1)?.startsWith('421 4.7.0 '));
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(held.results.length - turnedAway.length).toBeGreaterThanOrEqual(200);
  expect(await client.send(relay, { from: 'quick@home.example', to: TO })).toMatchObject({
    accepted: true,
  });
  const { envelope } = await provider.waitForMessage();
  expect(envelope.from).toBe('quick@home.example');
});

it('a client that says a byte now and then gets its mail through while others pass it', async () => {
  const slow: Dialogue = [
    ...HELLO,
    { say: `MAIL FROM:<slow@home.example>\r\nRCPT TO:<${TO}>\r\nDATA\r\n` },
    { hear: 3 },
    { say: `Subject: slow\r\n\r\n${'x'.repeat(60)}`, pauseAfterByteMs: 50 },
    { say: '\r\n.\r\n' },
    { hear: 1 },
  ];
  const talk = talker.talk(
    relay,
    Array.from({ length: 50 }, () => slow),
  );
  const { accepted } = await sendMany(network, relay, { count: 50 });
  expect(accepted).toHaveLength(50);
  const results = await talk;
  expect(results.filter(({ replies }) => !replies.at(-1)?.startsWith('250 '))).toEqual([]);
  const messages = await provider.waitForMessages(100);
  expect(messages.filter(({ envelope }) => envelope.from === 'slow@home.example')).toHaveLength(50);
});

it('a client that says one command for ever, a byte now and then, loses its place in the end', async () => {
  await using strict = await startRelay(
    network,
    customerOf(provider, { aliases: ['strict'], env: { POSTFIX_smtpd_timeout: '3s' } }),
  );
  // Longer than the time for one command, and never silent for as long.
  const drip: Dialogue = [
    ...HELLO,
    { say: `MAIL FROM:<${'s'.repeat(60)}@home.example>\r\n`, pauseAfterByteMs: 500 },
    { hear: 1 },
  ];
  const { replies } = await talker.say(strict, drip);
  expect(replies.at(-1)).toMatch(/^421 4\.4\.2 /);
});

it('a message to 500 recipients arrives for each of them, once', async () => {
  const recipients = Array.from({ length: 500 }, (_, index) => `user${index}@example.com`);
  const { replies } = await talker.say(relay, [
    ...HELLO,
    { say: 'MAIL FROM:<news@home.example>\r\n' },
    { say: recipients.map((to) => `RCPT TO:<${to}>\r\n`).join('') },
    { say: 'DATA\r\n' },
    { hear: recipients.length + 2 },
    { say: 'Subject: News\r\n\r\nNews.\r\n.\r\n' },
    { hear: 1 },
  ]);
  expect(replies.filter((reply) => /^[45]/.test(reply))).toEqual([]);
  await arrivedAfter(['news']);
  const messages = await provider.messages();
  expect(messages.flatMap(({ envelope }) => envelope.to).sort()).toEqual(recipients.sort());
});

it('a provider that greylists gets everything, once', async () => {
  await provider.setFaults({ at: 'rcpt', reply: '451 4.7.1 greylisted', times: 40 });
  const { accepted } = await sendMany(network, relay, { count: 40 });
  expect(accepted).toHaveLength(40);
  expect(await arrivedAfter(accepted)).toEqual([...accepted].sort());
  expect((await provider.faults())[0]?.struck).toBe(40);
});
