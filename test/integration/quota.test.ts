import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// When the provider says that a quota is used up, the next backup takes over, with its own login;
// when none is left, mail waits and does not come back.

const CA = '/certs/ca.pem';
const stack = new AsyncDisposableStack();
let client: Client;
let isp: ProviderHandle;
let backup: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  [client, isp, backup] = await startAll(
    stack,
    startClient(network),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
    startProvider(network, { names: ['backup.example'], users: { other: 'secret' } }),
  );
  const yaml = `
myhostname: relay.home.example
relay:
  host: mail.isp.example
  username: hoge
  password: piyopiyo
  tls: encrypt
  backups: [{host: backup.example, username: other, password: secret}]
`;
  relay = stack.use(
    await startRelay(network, { files: { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem } }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  await Promise.all([
    isp.setFaults(),
    backup.setFaults(),
    isp.clearMessages(),
    backup.clearMessages(),
  ]);
});

const DAILY = '550 5.4.5 Daily user sending limit exceeded';

it.each(['mail', 'rcpt', 'end-of-data'] as const)('at %s', async (at) => {
  await isp.setFaults({ at, reply: DAILY });
  await client.send(relay, { from: 'me@example.com', to: `${at}@example.org` });
  const { session, envelope } = await backup.waitForMessage();
  expect([session.auth?.username, envelope.to]).toEqual(['other', [`${at}@example.org`]]);
  expect(await isp.messages()).toEqual([]);
});

it('when no server is left, mail waits', async () => {
  await Promise.all([isp, backup].map((one) => one.setFaults({ at: 'mail', reply: DAILY })));
  await client.send(relay, { from: 'me@example.com', to: 'last@example.org' });
  expect(await relay.waitForDelay('last@example.org')).toContain('Daily user sending limit');
});

it('a refusal of another kind comes back, and is not tried elsewhere', async () => {
  await isp.setFaults({
    at: 'rcpt',
    reply: '550 5.1.1 no such user',
    match: { to: 'gone@example.org' },
  });
  await client.send(relay, { from: 'me@example.com', to: 'gone@example.org' });
  await relay.waitForLog(/to=<gone@example\.org>.*status=bounced/);
  expect(
    (await backup.messages()).filter(({ envelope }) => envelope.to.includes('gone@example.org')),
  ).toEqual([]);
});
