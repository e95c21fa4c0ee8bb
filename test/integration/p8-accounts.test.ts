import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';
import { startAll } from '../support/start-all.ts';

// P8: each sender its own account. Two providers; `isp` is everybody's default and takes mail with
// or without a login, so that a login which should not be there would show.

const CA = '/certs/ca.pem';
const TO = 'friend@example.com';
const RELAY_YAML = `
myhostname: relay.home.example
relay:
  host: mail.isp.example
  username: family
  password: "family's own"
  ca_file: ${CA}
accounts:
  - sender: her@work.example
    host: smtp.work.example
    port: 465
    username: her-login
    password: 'her: "secret" $1'
    tls: verify
    ca_file: ${CA}
  - sender: his@work.example
    host: smtp.work.example
    port: 587
    username: his-login
    password: his secret
    tls: encrypt
  - sender: "@club.example"
    host: smtp.work.example
    port: 587
    username: club-login
    password: club secret
    tls: encrypt
    mechanisms: [login]
  - sender: treasurer@club.example
    host: mail.isp.example
    username: treasurer-login
    password: treasurer secret
    ca_file: ${CA}
  - sender: guest@club.example
    host: mail.isp.example
    ca_file: ${CA}
  - sender: open@home.example
    host: mail.isp.example
    ca_file: ${CA}
  - sender: wrong@work.example
    host: smtp.work.example
    username: her-login
    password: not her secret
    tls: encrypt
  - sender: careful@work.example   # on the same server as his, without his trust in it
    host: smtp.work.example
    username: his-login
    password: his secret
    tls: verify
`;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let isp: ProviderHandle;
let work: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, isp, work] = await startAll(
    stack,
    startClient(network),
    startProvider(network, {
      names: ['mail.isp.example'],
      users: { family: "family's own", 'treasurer-login': 'treasurer secret' },
      authRequired: false,
    }),
    startProvider(network, {
      names: ['smtp.work.example'],
      // The ones that show the password.
      mechanisms: ['PLAIN', 'LOGIN'],
      users: {
        'her-login': 'her: "secret" $1',
        'his-login': 'his secret',
        'club-login': 'club secret',
      },
      senders: {
        'her-login': ['her@work.example', 'her+lists@work.example'],
        'his-login': ['his@work.example'],
        'club-login': ['@club.example'],
      },
    }),
  );
  const files = { '/etc/hikyaku/relay.yaml': RELAY_YAML, [CA]: isp.caPem };
  relay = stack.use(await startRelay(network, { files }));
});
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  await Promise.all([isp.setFaults(), work.setFaults(), isp.clearMessages(), work.clearMessages()]);
});

/** The mail of one sender, as the provider got it. */
async function delivered(from: string, provider: ProviderHandle) {
  expect(await client.send(relay.alias, { from, to: TO })).toMatchObject({ accepted: true });
  const { session } = await provider.waitForMessage((message) => message.envelope.from === from);
  const { listener, tls, auth } = session;
  return { listener, tls: tls !== null, username: auth?.username ?? null };
}

/** Why the mail of a sender waits. */
function reasonToWait(from: string): Promise<string> {
  return eventually(`mail from ${from} that waits`, async () => {
    const entry = (await relay.queue()).find(
      ({ sender, queue_name: name }) => sender === from && name === 'deferred',
    );
    return entry?.recipients[0]?.delay_reason;
  });
}

describe('the mail of a sender', () => {
  const CASES: readonly [string, string, 'isp' | 'work', Awaited<ReturnType<typeof delivered>>][] =
    [
      [
        'with an account on port 465',
        'her@work.example',
        'work',
        { listener: 465, tls: true, username: 'her-login' },
      ],
      [
        'with an account on port 587',
        'his@work.example',
        'work',
        { listener: 587, tls: true, username: 'his-login' },
      ],
      [
        'with an address extension',
        'her+lists@work.example',
        'work',
        { listener: 465, tls: true, username: 'her-login' },
      ],
      [
        'in capitals',
        'His@Work.Example',
        'work',
        { listener: 587, tls: true, username: 'his-login' },
      ],
      [
        'whose whole domain has an account',
        'anybody@club.example',
        'work',
        { listener: 587, tls: true, username: 'club-login' },
      ],
      [
        'with an account beside that of the domain',
        'treasurer@club.example',
        'isp',
        { listener: 587, tls: true, username: 'treasurer-login' },
      ],
      [
        'without an account',
        'someone@home.example',
        'isp',
        { listener: 587, tls: true, username: 'family' },
      ],
      [
        'of a domain below one with an account',
        'someone@sub.club.example',
        'isp',
        { listener: 587, tls: true, username: 'family' },
      ],
      ['that is nobody (a bounce)', '', 'isp', { listener: 587, tls: true, username: 'family' }],
      [
        'with a server but no login, which is the default one,',
        'open@home.example',
        'isp',
        { listener: 587, tls: true, username: null },
      ],
      [
        'with a server but no login, whose domain has one,',
        'guest@club.example',
        'isp',
        { listener: 587, tls: true, username: null },
      ],
    ];
  it.each(CASES)('%s goes by the right login: <%s>', async (_name, from, provider, expected) => {
    expect(await delivered(from, provider === 'isp' ? isp : work)).toEqual(expected);
  });
});

it("mail is not sent with anybody else's login when the account's password is wrong: it waits", async () => {
  const before = await isp.stats();
  const from = 'wrong@work.example';
  expect(await client.send(relay.alias, { from, to: TO })).toMatchObject({ accepted: true });
  expect(await reasonToWait(from)).toMatch(/SASL authentication failed.*535/);
  const attempts = (await work.sessions()).flatMap(({ logins }) => logins.filter(({ ok }) => !ok));
  expect(new Set(attempts.map(({ username, password }) => `${username} ${password}`))).toEqual(
    new Set(['her-login not her secret']),
  );
  expect(await work.messages()).toEqual([]);
  expect((await isp.stats()).connections).toBe(before.connections);
});

it('each account has its own level of TLS, also on one server', async () => {
  const [trusting, careful] = ['his@work.example', 'careful@work.example'];
  expect(await delivered(trusting, work)).toMatchObject({ username: 'his-login' });
  expect(await client.send(relay.alias, { from: careful, to: TO })).toMatchObject({
    accepted: true,
  });
  expect(await reasonToWait(careful)).toMatch(/certificate/i);
  expect(await client.send(relay.alias, { from: trusting, to: TO })).toMatchObject({
    accepted: true,
  });
  const messages = await work.waitForMessages(2);
  expect(messages.map(({ envelope }) => envelope.from)).toEqual([trusting, trusting]);
});

it('a bounce goes to its sender by the default, not by the account of the mail that failed', async () => {
  await work.setFaults({ at: 'rcpt', reply: '550 5.1.1 no such user' });
  const from = 'her@work.example';
  expect(await client.send(relay.alias, { from, to: TO })).toMatchObject({ accepted: true });
  const bounce = await isp.waitForMessage();
  expect(bounce.envelope).toEqual({ from: '', to: [from] });
  expect(bounce.session.auth?.username).toBe('family');
  expect(bounce.raw).toContain('no such user');
});

it('no session is shared between accounts, however much mail there is', async () => {
  const LOGINS: Readonly<Record<string, string>> = {
    'her@work.example': 'her-login',
    'his@work.example': 'his-login',
    'member@club.example': 'club-login',
    'treasurer@club.example': 'treasurer-login',
    'someone@home.example': 'family',
  };
  const batches = await Promise.all(
    Object.keys(LOGINS).map((from) =>
      sendMany(network, relay.alias, { from, to: TO, count: 60, concurrency: 3 }),
    ),
  );
  expect(batches.map(({ accepted }) => accepted.length)).toEqual([60, 60, 60, 60, 60]);
  const messages = [...(await work.waitForMessages(180)), ...(await isp.waitForMessages(120))];
  expect(new Set(messages.map(({ testId }) => testId)).size).toBe(300);
  const wrong = messages.filter(
    ({ envelope, session }) => session.auth?.username !== LOGINS[envelope.from],
  );
  expect(wrong).toEqual([]);
  // Sessions are used again, so there was something to mix up.
  const senders = Map.groupBy(messages, ({ session }) => session.id);
  expect(senders.size).toBeLessThan(200);
  const shared = [...senders.values()].filter(
    (all) => new Set(all.map(({ envelope }) => envelope.from)).size > 1,
  );
  expect(shared).toEqual([]);
  for (const provider of [isp, work]) {
    const logins = (await provider.sessions()).map(
      (session) => session.logins.filter(({ ok }) => ok).length,
    );
    expect(Math.max(...logins)).toBe(1);
  }
});
