import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { smtpDialogue } from '../support/dialogue.ts';
import { type DnsHandle, startDns } from '../support/dns.ts';
import { replyInside } from '../support/inside.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, type RelaySettings, startRelay } from '../support/relay.ts';

// P1: without a relay host, mail goes straight to the recipients' MX hosts, for nobody but those
// who may send.

const MAIL = { from: 'user@client.example', to: 'friend@example.com' };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let stranger: Client;
/** The MX hosts of example.com; the best one, mx1, does not answer. */
let mx2: ProviderHandle;
let mx3: ProviderHandle;
/** Stands where a NAT's outside address is: what arrives here has looped. */
let outside: ProviderHandle;
let dns: DnsHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  stranger = stack.use(await startClient(network, 'stranger'));
  // Known by DNS alone: for an alias the engine's own server would answer.
  const start = async (name: string): Promise<ProviderHandle> =>
    stack.use(await startProvider(network, { names: [`${name}.example.com`], aliases: [name] }));
  [mx2, mx3, outside] = [await start('second'), await start('third'), await start('outside')];
  dns = stack.use(
    await startDns(network, {
      mx: {
        'example.com': [
          { host: 'mx3.example.com', preference: 30 },
          { host: 'mx1.example.com', preference: 10 },
          { host: 'mx2.example.com', preference: 20 },
        ],
        'client.example': [{ host: 'mx3.example.com', preference: 10 }],
        'home.example': [{ host: 'outside.example.com', preference: 10 }],
        'backup.example': [
          { host: 'mx1.example.com', preference: 10 },
          { host: 'outside.example.com', preference: 20 },
        ],
      },
      a: {
        // Nobody listens there.
        'mx1.example.com': client.container.address,
        'mx2.example.com': mx2.container.address,
        'mx3.example.com': mx3.container.address,
        'outside.example.com': outside.container.address,
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const startDirect = (
  env: Readonly<Record<string, string>>,
  more: RelaySettings = {},
): Promise<Relay> => startRelay(network, { ...more, env, dns: [dns.address] });

describe('direct delivery', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = await startDirect({
      RELAY_MYHOSTNAME: 'linux.myhome.example',
      RELAY_MYORIGIN: 'myhome.example',
      RELAY_NETWORKS: client.container.address,
    });
  });
  afterAll(() => relay[Symbol.asyncDispose]());

  it('goes to the best MX host that answers, over TLS when that is offered', async () => {
    expect(await client.send(relay, MAIL)).toMatchObject({ accepted: true });
    const [message] = await mx2.waitForMessages(1);
    expect(message).toMatchObject({
      session: {
        listener: 25,
        tls: { version: 'TLSv1.3' },
        auth: null,
        helo: 'linux.myhome.example',
        clientAddress: relay.address,
      },
      envelope: { from: MAIL.from, to: [MAIL.to] },
    });
    expect(await mx3.stats()).toMatchObject({ connections: 0 });
  });

  it('goes to the next MX host when that one is busy', async () => {
    await mx2.setFaults({ at: 'connect', reply: '421 4.3.2 too busy', action: 'close' });
    await client.send(relay, { ...MAIL, headers: { 'X-Test-Id': 'next' } });
    const message = await mx3.waitForMessage(({ testId }) => testId === 'next');
    expect(message.session).toMatchObject({ listener: 25, auth: null });
    await mx2.setFaults();
  });

  it('completes bare user names with myorigin, in envelope and headers', async () => {
    const headers = { From: 'Cron <root>', Cc: 'admin', 'X-Test-Id': 'bare' };
    await client.send(relay, { ...MAIL, from: 'root', headers });
    const message = await mx2.waitForMessage(({ testId }) => testId === 'bare');
    expect(message.envelope.from).toBe('root@myhome.example');
    expect(headerField(message.raw, 'From')).toBe('Cron <root@myhome.example>');
    expect(headerField(message.raw, 'Cc')).toBe('admin@myhome.example');
  });

  it.each([
    'friend@example.com',
    'user@myhome.example',
    'root@linux.myhome.example',
    'friend%example.com@linux.myhome.example',
    'postmaster',
  ])('is not for a machine whose network is not listed: to %s', async (to) => {
    const { accepted, reply } = await stranger.send(relay, { ...MAIL, to });
    expect({ accepted, reply }).toEqual({
      accepted: false,
      reply: expect.stringMatching(/^5\d\d 5\.\d\.\d /),
    });
  });

  it('tells that machine which setting would let it send', async () => {
    const { reply } = await stranger.send(relay, MAIL);
    expect(reply).toMatch(/^554 5\.7\.1 .*RELAY_NETWORKS \(networks\)/);
  });
});

describe('RELAY_NETWORKS=host', () => {
  it('lets the container itself send, and no other', async () => {
    await using relay = await startDirect({ RELAY_NETWORKS: 'host' });
    for (const other of [client, stranger]) {
      const { accepted, reply } = await other.send(relay, MAIL);
      expect({ accepted, reply }).toEqual({
        accepted: false,
        reply: expect.stringMatching(/^554 5\.7\.1 .*RELAY_NETWORKS/),
      });
    }
    expect(await replyInside(relay, '127.0.0.1')).toMatch(/^250 2\.1\.5 Ok/);
    await relay.run([
      ...['sh', '-c', 'printf "Subject: own\\nX-Test-Id: own\\n\\nHello.\\n" | "$@"', 'sh'],
      ...['sendmail', '-f', 'app@client.example', 'friend@example.com'],
    ]);
    await mx2.waitForMessage(({ testId }) => testId === 'own');
  });

  it('stays closed to strangers when the user has restrictions of his own at DATA', async () => {
    await using relay = await startDirect({
      RELAY_NETWORKS: 'host',
      POSTFIX_smtpd_data_restrictions: 'reject_unauth_pipelining',
    });
    expect(await stranger.send(relay, { ...MAIL, to: 'postmaster' })).toMatchObject({
      accepted: false,
      reply: expect.stringMatching(/^554 5\.7\.1 .*RELAY_NETWORKS/),
    });
  });
});

describe('a client outside that comes through a published port', () => {
  const COMMANDS = ['EHLO outside.example', `MAIL FROM:<${MAIL.from}>`, `RCPT TO:<${MAIL.to}>`];

  it('is refused as the gateway, and told which setting would let it send', async () => {
    await using relay = await startDirect({}, { exposedPorts: [25] });
    const reply = (await smtpDialogue(relay.hostAddress(25), COMMANDS)).at(-1);
    expect(reply).toMatch(/^554 5\.7\.1 .*gateway.*RELAY_TRUST_GATEWAY=yes/);
    const address = network.gateway.replaceAll('.', '\\.');
    await relay.waitForLog(new RegExp(`reject: RCPT from unknown\\[${address}\\]`));
    // The containers of the same network may send.
    expect(await client.send(relay, MAIL)).toMatchObject({ accepted: true });
  });

  it.each(['attached', '192.168.1.0/24'])(
    'may send when RELAY_TRUST_GATEWAY is yes, with the networks %s',
    async (networks) => {
      await using relay = await startDirect(
        { RELAY_TRUST_GATEWAY: 'yes', RELAY_NETWORKS: networks },
        { exposedPorts: [25] },
      );
      const text = ['DATA', `X-Test-Id: outside ${networks}\r\n\r\nHello.\r\n.`];
      const replies = await smtpDialogue(relay.hostAddress(25), [...COMMANDS, ...text]);
      expect(replies.at(-1)).toMatch(/^250 2\.0\.0 Ok: queued/);
      await mx2.waitForMessage(({ testId }) => testId === `outside ${networks}`);
    },
  );

  it.each([
    ['a network of the LAN', '192.168.1.0/24'],
    ['ranges that hold it', '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16'],
  ])('is told the same when the user names %s', async (_, networks) => {
    await using relay = await startDirect({ RELAY_NETWORKS: networks }, { exposedPorts: [25] });
    const reply = (await smtpDialogue(relay.hostAddress(25), COMMANDS)).at(-1);
    expect(reply).toMatch(/^554 5\.7\.1 .*gateway.*RELAY_TRUST_GATEWAY=yes/);
  });
});

describe('RELAY_PROXY_INTERFACES', () => {
  it('keeps mail from looping through the outside address of the NAT', async () => {
    await using relay = await startDirect({ RELAY_PROXY_INTERFACES: outside.container.address });
    // This machine is the only MX host of home.example, and has no mailboxes: nobody can take it.
    await client.send(relay, { ...MAIL, to: 'user@home.example' });
    const bounce = await mx3.waitForMessage(({ raw }) => raw.includes('user@home.example'));
    expect(bounce.envelope).toEqual({ from: '', to: [MAIL.from] });
    expect(bounce.raw).toMatch(/mail for home\.example loops back to\s+myself/);

    // As the second MX host it leaves the mail to the first, and waits for that one.
    await client.send(relay, { ...MAIL, to: 'user@backup.example' });
    expect(await relay.waitForDelay('user@backup.example')).toMatch(/mx1\.example\.com.*refused/);
    expect(await outside.stats()).toMatchObject({ connections: 0 });
  });
});
