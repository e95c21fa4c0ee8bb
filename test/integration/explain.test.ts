import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { createVolume } from '../support/volume.ts';

// What `hikyaku explain` says of a message is what then happens to it: the same message is sent, and
// the provider tells what it got, the client what it was told.

const CA = '/certs/ca.pem';
const RELAY_YAML = `
myhostname: relay.home.example
myorigin: home.example
relay:
  host: mail.isp.example
  username: family
  password: family secret
  ca_file: ${CA}
accounts:
  - sender: her@work.example
    host: smtp.work.example
    port: 465
    username: her-login
    password: her secret
    ca_file: ${CA}
  - sender: "@club.example"
    host: smtp.work.example
    username: club-login
    password: club secret
    tls: encrypt
generic:
  his@home.example: his-account@isp.example
  "@home.example": family+home@isp.example
canonical:
  treasurer: treasurer@club.example
  "@old.example": "@club.example"
virtual:
  root: her@work.example, me@post.example
  "chain@home.example": root
local:
  domains: [post.example]
  mailboxes: [me]
allowed_senders: ["@home.example", "@work.example", "@club.example", "@old.example"]
allowed_recipients: ["@example.com", her@work.example, "@home.example"]
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
      users: { family: 'family secret' },
    }),
    startProvider(network, {
      names: ['smtp.work.example'],
      users: { 'her-login': 'her secret', 'club-login': 'club secret' },
    }),
  );
  const files = { '/etc/hikyaku/relay.yaml': RELAY_YAML, [CA]: isp.caPem };
  const mailboxes = stack.use(await createVolume());
  const volumes = { '/var/mail': mailboxes };
  relay = stack.use(await startRelay(network, { files, volumes }));
});
afterAll(() => stack.disposeAsync());

/** What is said of a delivery, as far as the test looks at it. */
interface Said {
  readonly intake: { readonly taken: boolean; readonly reply?: string };
  readonly deliveries: readonly {
    readonly kind: string;
    readonly recipient: string;
    readonly implicitTls?: boolean;
    readonly servers?: readonly { readonly nexthop: string; readonly username?: string }[];
    readonly leavingSender?: readonly { readonly to: string }[];
    readonly leavingRecipient?: readonly { readonly to: string }[];
  }[];
  readonly from: string;
  readonly sender: readonly { readonly to: string }[];
}

const explain = async (from: string, to: string): Promise<Said> =>
  JSON.parse(await relay.run(['hikyaku', 'explain', from, to, '--json']));

/** What the explanation says a provider will get: envelope and login. */
function predicted(said: Said) {
  const sender = said.sender.at(-1)?.to ?? said.from;
  return said.deliveries
    .filter(({ kind }) => kind === 'sent')
    .map(({ recipient, servers = [], leavingSender = [], leavingRecipient = [], implicitTls }) => ({
      host: servers[0]?.nexthop,
      username: servers[0]?.username,
      from: leavingSender.at(-1)?.to ?? sender,
      to: leavingRecipient.at(-1)?.to ?? recipient,
      implicitTls,
    }));
}

const HOSTS = [
  ['mail.isp.example', () => isp],
  ['smtp.work.example', () => work],
] as const;

async function received(provider: ProviderHandle, host: string, from: string, to: string) {
  const { session, envelope } = await provider.waitForMessage(
    (message) => message.envelope.from === from && message.envelope.to.includes(to),
  );
  return {
    host: `[${host}]:${session.listener}`,
    username: session.auth?.username,
    from: envelope.from,
    to: envelope.to[0],
    implicitTls: session.listener === 465,
  };
}

describe('what is explained is what happens', () => {
  it.each([
    ['by the default provider, an address of its own', 'his@home.example', 'a@example.com'],
    ['by the default provider, the catch-all', 'printer@home.example', 'b@example.com'],
    ['from a bare user name', 'cron', 'c@example.com'],
    ['from an address with an extension', 'his+lists@home.example', 'd@example.com'],
    ['by the account of an address, on port 465', 'her@work.example', 'e@example.com'],
    ['by the account of an address with an extension', 'her+x@work.example', 'f@example.com'],
    ['by the account of a domain', 'anybody@club.example', 'g@example.com'],
    ['after canonical, of a bare user name', 'treasurer', 'h@example.com'],
    ['after canonical, of a whole domain', 'secretary@old.example', 'i@example.com'],
    ['to an alias that is several', 'his@home.example', 'root@home.example'],
    ['to an alias of an alias', 'her@work.example', 'chain@home.example'],
    ['to a recipient that generic rewrites', 'her@work.example', 'his@home.example'],
  ])('%s', async (_, from, to) => {
    const expected = predicted(await explain(from, to));
    expect(expected.length).toBeGreaterThan(0);
    expect(await client.send(relay.alias, { from, to })).toMatchObject({ accepted: true });
    for (const one of expected) {
      const [host, provider] = HOSTS.find(([name]) => one.host?.includes(name)) ?? HOSTS[0];
      expect(await received(provider(), host, one.from, one.to)).toEqual(one);
    }
  });

  it.each([
    ['a sender that is not allowed', 'stranger@example.org', 'a@example.com'],
    ['a recipient that is not allowed', 'his@home.example', 'a@example.net'],
    ['a mailbox that is not there', 'his@home.example', 'nobody@post.example'],
  ])('%s is refused in the very words', async (_, from, to) => {
    const { intake } = await explain(from, to);
    expect(intake.taken).toBe(false);
    const delivery = await client.send(relay.alias, { from, to });
    expect(delivery.accepted).toBe(false);
    const words = (intake.reply ?? '').replace(/^\d{3} \d\.\d\.\d+ /, '');
    expect(JSON.stringify(delivery)).toContain(words);
  });

  it('a mailbox keeps its mail', async () => {
    const said = await explain('his@home.example', 'me+x@post.example');
    expect(said.deliveries).toMatchObject([{ kind: 'kept', mailbox: '/var/mail/me/' }]);
    const mail = { from: 'his@home.example', to: 'me+x@post.example' };
    expect(await client.send(relay.alias, mail)).toMatchObject({ accepted: true });
    await relay.waitForLog(/to=<me\+x@post\.example>.*status=sent \(delivered to maildir\)/);
  });
});

it('is told in sentences that name the tables and their entries', async () => {
  const text = await relay.run(['hikyaku', 'explain', 'treasurer', 'friend@example.com']);
  expect(text.split('\n').slice(1)).toEqual([
    'allowed by: allowed_senders: home.example, allowed_recipients: example.com',
    'sender: treasurer@home.example becomes treasurer@club.example (canonical: treasurer)',
    'mail for friend@example.com goes to: [smtp.work.example]:587 as club-login (sasl_passwd: @club.example), through account-club-example-1ro97b4 (sender_transport: @club.example), TLS: encrypt',
    '',
  ]);
});

it('shows no password', async () => {
  for (const option of [[], ['--json']]) {
    const command = ['hikyaku', 'explain', 'her@work.example', 'a@example.com', ...option];
    expect(await relay.run(command)).not.toContain('secret');
  }
});

it('says that Postfix has to run', async () => {
  const output = await relay.exec(['hikyaku', 'explain', 'a', 'b', 'c']);
  expect(output.exitCode).toBe(64);
});
