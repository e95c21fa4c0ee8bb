import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { type Dialogue, startTalker, type Talker } from '../support/talker.ts';
import { createVolume } from '../support/volume.ts';

// P16: whatever a client writes as its sender, the provider gets the address that it accepts. Both
// providers refuse every other sender; that of the relay host knows one address alone.

const CA = '/certs/ca.pem';
const OWN = 'hoge@isp.example';
const FRIEND = 'friend@example.com';
const RELAY_YAML = `
myhostname: relay.home.example
myorigin: home.example
networks: [attached]
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
send_as: ${OWN}
accounts:
  - {sender: her@work.example, host: smtp.work.example, username: her, password: hers, ca_file: ${CA}}
  - sender: "@nas.lan"
    host: smtp.work.example
    port: 465
    username: nas
    password: its
    ca_file: ${CA}
    send_as: nas@work.example
generic: {"printer@home.lan": printer@isp.example}
local: {domains: [hostname.localdomain], mailboxes: [user]}
`;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let talker: Talker;
let isp: ProviderHandle;
let work: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, talker, isp, work] = await startAll(
    stack,
    startClient(network),
    startTalker(network),
    startProvider(network, {
      names: ['mail.isp.example'],
      users: { hoge: 'piyopiyo' },
      senders: { hoge: [OWN, '<>'] },
    }),
    startProvider(network, {
      names: ['smtp.work.example'],
      users: { her: 'hers', nas: 'its' },
      senders: { her: ['her@work.example'], nas: ['nas@work.example'] },
    }),
  );
  const files = { '/etc/hikyaku/relay.yaml': RELAY_YAML, [CA]: isp.caPem };
  const volumes = { '/var/mail': stack.use(await createVolume()) };
  relay = stack.use(await startRelay(network, { files, volumes }));
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  await Promise.all([isp.clearMessages(), work.clearMessages()]);
});

/** The header fields of that name, without their folds. */
function fields(raw: string, name: string): readonly string[] {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n(?=[ \t])/g, '');
  return head
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
}

/** A client that hands in a message whose head is exactly this. */
function handing(
  sender: string,
  to: readonly string[],
  head: string,
  body = 'Hello.\r\n',
): Dialogue {
  const lines = ['EHLO client', `MAIL FROM:<${sender}>`, ...to.map((one) => `RCPT TO:<${one}>`)];
  return [
    { hear: 1 },
    ...[...lines, 'DATA'].flatMap((line) => [{ say: `${line}\r\n` }, { hear: 1 }]),
    { say: `${head}\r\n\r\n${body}.\r\n` },
    { hear: 1 },
    { say: 'QUIT\r\n' },
    { hear: 'end' },
  ];
}

async function handIn(...dialogues: readonly Dialogue[]) {
  for (const { replies } of await talker.talk(relay, dialogues)) {
    expect(replies.at(-2)).toMatch(/^250 /);
  }
}

/** From headers, what the provider has to get in their place, and as Reply-To. */
const HEADERS: readonly (readonly [given: string, from: string, replyTo?: string])[] = [
  ['wordpress@localhost', `"wordpress@localhost" <${OWN}>`],
  ['<wordpress@localhost>', `"wordpress@localhost" <${OWN}>`],
  ['WordPress <wordpress@localhost>', `"WordPress (wordpress@localhost)" <${OWN}>`],
  ['NAS 1 <nas@my_nas.lan>', `"NAS 1 (nas@my_nas.lan)" <${OWN}>`],
  ['"Nas, Mr." <nas@home.lan>', `"Nas, Mr. (nas@home.lan)" <${OWN}>`],
  ['"a \\"quoted\\" name" <nas@home.lan>', `"a \\"quoted\\" name (nas@home.lan)" <${OWN}>`],
  ['"" <nas@home.lan>', `"nas@home.lan" <${OWN}>`],
  ['"nas@home.lan" <nas@home.lan>', `"nas@home.lan" <${OWN}>`],
  ['=?UTF-8?Q?J=C3=BCrgen?= <j@home.lan>', `=?UTF-8?Q?J=C3=BCrgen?= "j@home.lan" <${OWN}>`],
  [
    '=?UTF-8?B?SsO8?=\r\n =?UTF-8?B?cmdlbg==?=\r\n <j@home.lan>',
    `=?UTF-8?B?SsO8?= =?UTF-8?B?cmdlbg==?= "j@home.lan" <${OWN}>`,
  ],
  ['A very\r\n\tlong name\r\n <long@home.lan>', `"A very\tlong name (long@home.lan)" <${OWN}>`],
  ['root@localhost (Cron Daemon)', `"Cron Daemon (root@localhost)" <${OWN}>`],
  ['one@home.lan, two@home.lan', `"one@home.lan, two@home.lan" <${OWN}>`],
  ['One <one@home.lan>, "Two, 2" <two@home.lan>', `"one@home.lan and others" <${OWN}>`],
  ['Office: one@home.lan, two@home.lan;', `"Office: one@home.lan, two@home.lan;" <${OWN}>`],
  ['undisclosed:;', `"undisclosed:;" <${OWN}>`],
  ['cam@[192.168.1.64]', `"cam@[192.168.1.64]" <${OWN}>`],
  ['"\\', `<${OWN}>`],
  ['', `<${OWN}>`],
  [OWN, OWN],
  [`Hoge <${OWN}>`, `Hoge <${OWN}>`],
  [
    'Alice <alice@example.org>',
    `"Alice (alice@example.org)" <${OWN}>`,
    'Alice <alice@example.org>',
  ],
  [
    'alice@example.org, bob@example.org',
    `"alice@example.org, bob@example.org" <${OWN}>`,
    'alice@example.org, bob@example.org',
  ],
  [`"alice" <alice@example.org>, x <x@home.lan>`, `"alice@example.org and others" <${OWN}>`],
];

describe('the header From', () => {
  it('has the address that the provider accepts, and what was there as its display name', async () => {
    await handIn(
      ...HEADERS.map(([given], index) =>
        handing(
          'www-data@shop.lan',
          [FRIEND],
          `From: ${given}\r\nTo: ${FRIEND}\r\nX-Test-Id: ${index}`,
        ),
      ),
    );
    const messages = await isp.waitForMessages(HEADERS.length);
    const raws = new Map(messages.map(({ raw }) => [Number(fields(raw, 'X-Test-Id')[0]), raw]));
    const got = HEADERS.map(([given], index) => {
      const raw = raws.get(index) ?? '';
      return [given, ...fields(raw, 'From'), ...fields(raw, 'Reply-To')];
    });
    expect(got).toEqual(HEADERS);
    for (const { envelope, raw } of messages) {
      expect(envelope).toEqual({ from: OWN, to: [FRIEND] });
      expect(fields(raw, 'To')).toEqual([FRIEND]);
      expect(raw).not.toContain('Hikyaku');
    }
  });

  it('is there when the message has none, from the envelope', async () => {
    await handIn(handing('cam@home.lan', [FRIEND], `To: ${FRIEND}\r\nX-Test-Id: none`));
    const [message] = await isp.waitForMessages(1);
    expect(fields(message?.raw ?? '', 'From')).toEqual([`"cam@home.lan" <${OWN}>`]);
  });
});

describe('all else', () => {
  it('stays as it is: recipients, other headers, a signed message of several parts', async () => {
    const body = [
      '--limit',
      'Content-Type: text/plain',
      'From: inner@shop.lan',
      '',
      'From: nobody@shop.lan',
      '..',
      '--limit',
      'Content-Type: application/pgp-signature',
      '',
      '-----BEGIN PGP SIGNATURE-----  ',
      '--limit--',
      '',
    ].join('\r\n');
    const head = [
      'From: www@shop.lan',
      'To: www@shop.lan, her@work.example',
      'Cc: printer@home.lan',
      'Reply-To: desk@example.org',
      'Subject: From: www@shop.lan',
      'Content-Type: multipart/signed; boundary=limit',
    ].join('\r\n');
    const to = ['www@shop.lan', 'her@work.example', FRIEND];
    await handIn(handing('www@shop.lan', to, head, body));
    const [message] = await isp.waitForMessages(1);
    const raw = message?.raw ?? '';
    expect(message?.envelope.from).toBe(OWN);
    expect([...(message?.envelope.to ?? [])].sort()).toEqual([...to].sort());
    expect(fields(raw, 'To')).toEqual(['www@shop.lan, her@work.example']);
    // What generic rewrites, it still does.
    expect(fields(raw, 'Cc')).toEqual(['printer@isp.example']);
    expect(fields(raw, 'Reply-To')).toEqual(['desk@example.org']);
    expect(fields(raw, 'Subject')).toEqual(['From: www@shop.lan']);
    expect(raw.slice(raw.indexOf('\r\n\r\n') + 4)).toBe(body.replace('\r\n..', '\r\n.'));
  });

  it('of mail from inside counts as well, and mail that stays here keeps its sender', async () => {
    await relay.run([
      'sh',
      '-c',
      `printf 'Subject: x\\n\\nhi\\n' | sendmail -f cron@box ${FRIEND}`,
    ]);
    const [message] = await isp.waitForMessages(1);
    expect(message?.envelope).toEqual({ from: OWN, to: [FRIEND] });
    const home = 'user@hostname.localdomain';
    await handIn(handing('cam@home.lan', [home], `From: cam@home.lan\r\nTo: ${home}`));
    await relay.waitForLog(/to=<user@hostname\.localdomain>.*status=sent/);
    const stored = await relay.run(['sh', '-c', 'cat /var/mail/user/new/*']);
    expect(stored).toMatch(/^From: cam@home\.lan$/m);
  });
});

describe('a sender with an account of its own', () => {
  it('keeps its address, or gets that of the account', async () => {
    await client.send(relay, { from: 'her@work.example', to: FRIEND });
    await client.send(relay, { from: 'disk1@nas.lan', to: FRIEND });
    const messages = await work.waitForMessages(2);
    const seen = messages.map(({ envelope, session, raw }) => [
      session.auth?.username,
      envelope.from,
      ...fields(raw, 'From'),
    ]);
    expect(seen.sort()).toEqual([
      ['her', 'her@work.example', 'her@work.example'],
      ['nas', 'nas@work.example', '"disk1@nas.lan" <nas@work.example>'],
    ]);
    expect(await isp.messages()).toEqual([]);
  });
});

describe('a notice', () => {
  it('keeps its null sender, and goes to somebody who can read it', async () => {
    await isp.setFaults({
      at: 'rcpt',
      reply: '550 5.1.1 no such user',
      match: { to: 'nobody@example.com' },
    });
    await client.send(relay, { from: 'www@shop.lan', to: 'nobody@example.com' });
    await client.send(relay, { from: 'alice@example.org', to: 'nobody@example.com' });
    const messages = await isp.waitForMessages(2);
    expect(messages.map(({ envelope }) => envelope)).toEqual(
      expect.arrayContaining([
        { from: '', to: [OWN] },
        { from: '', to: ['alice@example.org'] },
      ]),
    );
    for (const { raw } of messages) {
      expect(fields(raw, 'From')[0]).toMatch(
        /^"Mail Delivery System \(MAILER-DAEMON@.*\)" <hoge@isp\.example>$/,
      );
      expect(fields(raw, 'To')[0]).not.toContain('send-as');
    }
  });
});

it('explain shows it', async () => {
  const explained = await relay.run(['hikyaku', 'explain', 'www@shop.lan', FRIEND]);
  expect(explained).toContain(`www@shop.lan becomes ${OWN}`);
  const other = await relay.run(['hikyaku', 'explain', 'her@work.example', FRIEND]);
  expect(other).not.toContain('becomes');
});
