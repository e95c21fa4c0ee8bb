import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';

// What the provider refuses for good goes back to its sender, whose address exists at home only.

const REAL = 'hoge@isp.example';
const GONE = 'gone@example.com';
const REFUSED = '550 5.1.1 no such user';
const HOME = {
  RELAY_MYHOSTNAME: 'relay.home.example',
  RELAY_MYORIGIN: 'home.example',
  RELAY_GENERIC: `@home.example=${REAL}`,
};

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let open: ProviderHandle;
let strict: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  open = stack.use(await startIsp(network));
  // Takes mail from this one address, and none from "<>", which is nobody's.
  strict = stack.use(
    await startIsp(network, { names: ['mail.strict.example'], senders: { hoge: [REAL] } }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  for (const provider of [open, strict]) {
    await provider.clearMessages();
    await provider.setFaults({ at: 'rcpt', reply: REFUSED, match: { to: GONE } });
  }
});

it('the notice reaches the real address, from an address that the provider knows', async () => {
  await using relay = await startRelay(network, customerOf(open, { env: HOME }));
  await client.send(relay, { from: 'nas@home.example', to: GONE });
  const { envelope, raw } = await open.waitForMessage();
  expect(envelope).toEqual({ from: '', to: [REAL] });
  expect(headerField(raw, 'From')).toContain(`<${REAL}>`);
  expect(headerField(raw, 'To')).toBe(REAL);
  expect(headerField(raw, 'Auto-Submitted')).toBe('auto-replied');
  expect(raw).toContain(REFUSED.slice(4));
});

it('some of many recipients are refused, some put off: each gets its own answer', async () => {
  const LATER = 'later@example.com';
  const there = Array.from({ length: 60 }, (_, index) => `there${index}@example.com`);
  await open.setFaults(
    { at: 'rcpt', reply: REFUSED, match: { to: GONE } },
    { at: 'rcpt', reply: '450 4.2.1 greylisted', match: { to: LATER } },
  );
  await using relay = await startRelay(network, customerOf(open, { env: HOME }));
  await client.send(relay, { from: 'nas@home.example', to: [...there, GONE, LATER] });
  expect(await relay.waitForDelay(LATER)).toContain('450 4.2.1 greylisted');
  const messages = await eventually('all that can be delivered now', async () => {
    const all = await open.messages();
    return all.flatMap(({ envelope }) => envelope.to).length >= there.length + 1 && all;
  });
  const to = messages.flatMap(({ envelope }) => envelope.to);
  expect(to.toSorted()).toEqual([...there, REAL].toSorted());
  const notices = messages.filter(({ envelope }) => envelope.from === '');
  expect(notices).toHaveLength(1);
  expect(notices[0]?.raw).toContain(`<${GONE}>`);
  expect(notices[0]?.raw).not.toContain(`<${LATER}>`);
  expect((await relay.queue()).flatMap(({ recipients }) => recipients)).toMatchObject([
    { address: LATER },
  ]);
});

it('a notice that the provider refuses too ends there, or goes to whom the user named', async () => {
  const env = {
    ...HOME,
    POSTFIX_notify_classes: '2bounce',
    POSTFIX_2bounce_notice_recipient: 'admin@example.com',
    // Such a notice has a sender, and always that of the relay's own name.
    RELAY_GENERIC: `${HOME.RELAY_GENERIC}, double-bounce@relay.home.example=${REAL}`,
  };
  await using relay = await startRelay(network, customerOf(strict, { env }));
  await client.send(relay, { from: 'nas@home.example', to: GONE });
  const { envelope, raw } = await strict.waitForMessage();
  expect(envelope).toEqual({ from: REAL, to: ['admin@example.com'] });
  expect(raw).toContain(REFUSED.slice(4));

  await using silent = await startRelay(
    network,
    customerOf(strict, { env: HOME, aliases: ['silent'] }),
  );
  await client.send(silent, { from: 'nas@home.example', to: GONE });
  await silent.waitForLog(/from=<>, size/);
  await eventually('an empty queue', async () => (await silent.queue()).length === 0);
  expect(await strict.messages()).toHaveLength(1);
});
