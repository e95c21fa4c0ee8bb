import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { runRelay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// P11: whatever `postconf -m` of the image lists holds the tables; the rest is refused by name.

const CA = '/certs/ca.pem';
const SECRET = `"quoted" it's: #1 $mail`;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, provider] = await startAll(
    stack,
    startClient(network),
    startProvider(network, {
      names: ['mail.isp.example'],
      users: { hoge: SECRET, 'her-login': 'her secret' },
    }),
  );
});
afterAll(() => stack.disposeAsync());

/** Every table there is has an entry. */
const yaml = (type: string) => `
map_type: ${type}
relay:
  host: mail.isp.example
  username: hoge
  password: ${JSON.stringify(SECRET)}
  ca_file: ${CA}
accounts:
  - sender: her@home.example
    host: mail.isp.example
    port: 465
    username: her-login
    password: her secret
    ca_file: ${CA}
generic:
  "@home.example": hoge+home@isp.example
canonical:
  nas@lan.example: nas@home.example
virtual:
  root@home.example: admin@example.com, deputy@example.com
allowed_senders: ["@home.example", nas@lan.example]
allowed_recipients: ["@home.example", "@example.com"]
`;

it.each(['lmdb', 'hash', 'cdb', 'texthash'])('a table may be of type %s', async (type) => {
  const files = { '/etc/hikyaku/relay.yaml': yaml(type), [CA]: provider.caPem };
  await using relay = await startRelay(network, { files, aliases: [type] });
  await provider.clearMessages();

  const mail = { from: 'nas@lan.example', to: 'root@home.example' };
  expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  expect(await client.send(relay, { ...mail, from: 'her@home.example' })).toMatchObject({
    accepted: true,
  });
  const stranger = await client.send(relay, { ...mail, from: 'other@lan.example' });
  expect(stranger.reply).toMatch(/^554 5\.7\.1 .*RELAY_ALLOWED_SENDERS/);

  const messages = await provider.waitForMessages(2);
  const facts = messages.map(({ envelope, session, raw }) => ({
    ...envelope,
    header: /^From: (.*?)\r?$/m.exec(raw)?.[1],
    username: session.auth?.username,
  }));
  const rewritten = {
    from: 'hoge+home@isp.example',
    header: 'hoge+home@isp.example',
    to: ['admin@example.com', 'deputy@example.com'],
  };
  expect(facts.toSorted((a, b) => `${a.username}`.localeCompare(`${b.username}`))).toEqual([
    { ...rewritten, username: 'her-login' },
    { ...rewritten, username: 'hoge' },
  ]);
});

it.each(['dbm', 'btree'])('a table of type %s is refused', async (type) => {
  const { exitCode, stderr } = await runRelay(network, { env: { RELAY_MAP_TYPE: type } });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 78,
    stderr: expect.stringMatching(
      new RegExp(`RELAY_MAP_TYPE: .*"${type}".*lmdb, hash, cdb, texthash`),
    ),
  });
});
