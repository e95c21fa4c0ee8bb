import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { hikyakuSays } from '../support/builder.ts';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { createVolume } from '../support/volume.ts';

// P16, for backups: each provider refuses every sender but its own, and a backup that takes over gets
// the address that it accepts, with TLS by STARTTLS and from the first byte.

const CA = '/certs/ca.pem';
const DAILY = '550 5.4.5 Daily user sending limit exceeded';
const FRIEND = 'friend@example.org';

interface Stack extends AsyncDisposable {
  readonly client: Client;
  readonly isp: ProviderHandle;
  readonly second: ProviderHandle;
  readonly third: ProviderHandle;
  readonly relay: Relay;
}

/** A relay with two backups; only the first backup has an address of its own. */
async function start(port: number, sendAs: string, more = ''): Promise<Stack> {
  const stack = new AsyncDisposableStack();
  const network = stack.use(await startNetwork());
  const [client, isp, second, third] = await startAll(
    stack,
    startClient(network),
    startProvider(network, {
      names: ['mail.isp.example'],
      users: { hoge: 'piyopiyo' },
      ...(sendAs === '' ? {} : { senders: { hoge: ['hoge@isp.example', '<>'] } }),
    }),
    startProvider(network, {
      names: ['second.example'],
      users: { shop: 'secret' },
      senders: { shop: ['shop@second.example'] },
    }),
    startProvider(network, {
      names: ['third.example'],
      users: { hoge: 'other' },
      ...(sendAs === '' ? {} : { senders: { hoge: ['hoge@isp.example', '<>'] } }),
    }),
  );
  const yaml = `
myhostname: relay.home.example
myorigin: home.example
relay:
  host: mail.isp.example
  port: ${port}
  username: hoge
  password: piyopiyo
  ca_file: ${CA}
  backups:
    - {host: second.example, port: ${port}, username: shop, password: secret, send_as: shop@second.example}
    - {host: third.example, port: ${port}, username: hoge, password: other}
${sendAs}
${more}
`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
  const volumes = { '/var/lib/hikyaku': stack.use(await createVolume()) };
  const relay = stack.use(await startRelay(network, { files, volumes }));
  return {
    client,
    isp,
    second,
    third,
    relay,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const header = (raw: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(raw.slice(0, raw.indexOf('\r\n\r\n')))?.[1]?.trim();

describe.each([
  { port: 587, sendAs: 'send_as: hoge@isp.example' },
  { port: 465, sendAs: 'send_as: hoge@isp.example' },
  { port: 587, sendAs: '' },
])('port $port, "$sendAs" for the relay host', ({ port, sendAs }) => {
  const started = start(port, sendAs);
  afterAll(async () => (await started)[Symbol.asyncDispose]());
  beforeEach(async () => {
    const { isp, second, third } = await started;
    await Promise.all(
      [isp, second, third].flatMap((one) => [one.setFaults(), one.clearMessages()]),
    );
  });

  it('the relay host keeps what is its own', async () => {
    const { client, isp, relay } = await started;
    await client.send(relay, { from: 'wordpress@localhost', to: FRIEND });
    const { envelope } = await isp.waitForMessage();
    expect(envelope.from).toBe(sendAs === '' ? 'wordpress@localhost' : 'hoge@isp.example');
  });

  it('the backup gets its own address; the original stays in the display name', async () => {
    const { client, isp, second, third, relay } = await started;
    await isp.setFaults({ at: 'mail', reply: DAILY });
    await client.send(relay, { from: 'root@www.shop.example', to: FRIEND });
    const { envelope, raw, session } = await second.waitForMessage();
    expect([session.auth?.username, envelope.from, envelope.to]).toEqual([
      'shop',
      'shop@second.example',
      [FRIEND],
    ]);
    expect(header(raw, 'From')).toBe('"root@www.shop.example" <shop@second.example>');
    expect(header(raw, 'Reply-To')).toBe('root@www.shop.example');
    expect([...(await isp.messages()), ...(await third.messages())]).toEqual([]);
  });

  it('the third server takes over from the second', async () => {
    const { client, isp, second, third, relay } = await started;
    await Promise.all([isp, second].map((one) => one.setFaults({ at: 'mail', reply: DAILY })));
    await client.send(relay, { from: 'root@www.shop.example', to: FRIEND });
    const { envelope, session } = await third.waitForMessage();
    expect([session.auth?.username, envelope.from]).toEqual([
      'hoge',
      sendAs === '' ? 'shop@second.example' : 'hoge@isp.example',
    ]);
  });

  it('no server is left: mail waits, and trace tells its way', async () => {
    const { client, isp, second, third, relay } = await started;
    await Promise.all(
      [isp, second, third].map((one) => one.setFaults({ at: 'mail', reply: DAILY })),
    );
    await client.send(relay, { from: 'root@www.shop.example', to: 'last@example.org' });
    expect(await relay.waitForDelay('last@example.org')).toContain('Daily user sending limit');
    const { stdout } = await hikyakuSays('trace', relay.id, 'last@example.org', '--json');
    expect(JSON.parse(stdout).stories).toMatchObject([{ verdict: 'waiting' }]);
  });

  it('what the backup refuses for good comes back to the sender', async () => {
    const { client, isp, second, relay } = await started;
    await isp.setFaults({ at: 'rcpt', reply: DAILY, match: { to: 'gone@example.org' } });
    await second.setFaults({ at: 'rcpt', reply: '550 5.1.1 no such user' });
    await client.send(relay, { from: 'her@shop.example', to: 'gone@example.org' });
    const { envelope } = await isp.waitForMessage();
    expect(envelope.to).toEqual([sendAs === '' ? 'her@shop.example' : 'hoge@isp.example']);
  });

  it('explain names each server and its sender', async () => {
    const { relay } = await started;
    const text = await relay.run(['hikyaku', 'explain', 'root@www.shop.example', FRIEND]);
    expect(text).toContain('[second.example]:');
    expect(text).toContain('the sender as shop@second.example');
    expect(text).toContain('[third.example]:');
    expect(text).not.toContain('127.0.0.1');
  });
});

it('signed mail goes to the backup too', async () => {
  await using started = await start(
    587,
    'send_as: hoge@isp.example',
    'dkim: {domain: [isp.example]}',
  );
  const { client, isp, second, relay } = started;
  await isp.setFaults({ at: 'mail', reply: DAILY });
  await client.send(relay, { from: 'root@www.shop.example', to: FRIEND });
  const { envelope, raw } = await second.waitForMessage();
  expect(envelope.from).toBe('shop@second.example');
  expect(header(raw, 'From')).toBe('"root@www.shop.example" <shop@second.example>');
});
