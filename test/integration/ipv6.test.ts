import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { smtpDialogue } from '../support/dialogue.ts';
import { startDns } from '../support/dns.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// IPv6 on all ways: who may send, and where mail goes. That the relay trusts none of its own
// addresses is shown in own-address.test.ts.

const HOST = 'mail.six.example';
const DOMAIN = 'six.example';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let stranger: Client;
let provider: ProviderHandle;
let attached: Relay;
let listed: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork({ ipv6: true }));
  client = stack.use(await startClient(network));
  stranger = stack.use(await startClient(network, 'stranger'));
  // Docker's own DNS server answers for aliases, with IPv4 as well.
  provider = stack.use(
    await startIsp(network, { names: [HOST], aliases: ['provider'], authRequired: false }),
  );
  const dns = stack.use(
    await startDns(network, {
      mx: { [DOMAIN]: [{ host: HOST, preference: 10 }] },
      a: { [HOST]: provider.container.address6 },
    }),
  );
  const more = { dns: [dns.address] };
  attached = stack.use(
    await startRelay(network, customerOf(provider, { ...more, aliases: ['attached'] })),
  );
  const env = { RELAY_NETWORKS: `${client.container.address6}/128` };
  listed = stack.use(await startRelay(network, { ...more, env, aliases: ['listed'] }));
});
afterAll(() => stack.disposeAsync());

/** A server by its address of IPv6, as swaks(1) takes it. */
const six = (relay: Relay): string => `[${relay.address6}]`;

it('a client of an attached network hands in mail, and a provider gets it', async () => {
  const to = 'friend@example.com';
  const sent = await client.send(six(attached), { from: 'nas@home.example', to });
  expect(sent).toMatchObject({ accepted: true });
  const { session, raw } = await provider.waitForMessage(({ envelope }) =>
    envelope.to.includes(to),
  );
  expect(session).toMatchObject({ clientAddress: attached.address6, auth: { username: 'hoge' } });
  expect(raw).toContain(`[IPv6:${client.container.address6}]`);
});

it('the gateway of an attached network may not send', async () => {
  const commands = ['EHLO outside.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>'];
  const server = { host: attached.address6, port: 25 };
  const reply = (await smtpDialogue(server, commands)).at(-1);
  expect(reply).toMatch(/^554 5\.7\.1 .*gateway.*RELAY_TRUST_GATEWAY/);
});

it('of clients with addresses, only the one that is named may send, and an MX host gets it', async () => {
  const mail = { from: 'nas@home.example', to: `you@${DOMAIN}` };
  const refused = await stranger.send(six(listed), mail);
  expect(refused.reply).toMatch(/^554 5\.7\.1 .*RELAY_NETWORKS/);
  expect(await client.send(six(listed), mail)).toMatchObject({ accepted: true });
  const { session } = await provider.waitForMessage(({ envelope }) =>
    envelope.to.includes(mail.to),
  );
  expect(session).toMatchObject({ listener: 25, clientAddress: listed.address6 });
});
