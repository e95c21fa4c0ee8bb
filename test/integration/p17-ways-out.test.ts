import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { waitForMail } from '../support/mailbox.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { createVolume } from '../support/volume.ts';

// P17: another way out by recipient and by client; and capture, which lets no mail reach anybody.

const CA = '/certs/ca.pem';
const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let printer: Client;
let isp: ProviderHandle;
let office: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, printer, isp, office] = await startAll(
    stack,
    startClient(network),
    startClient(network, 'printer'),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
    startProvider(network, {
      names: ['mail.office.example'],
      users: { sender: 's1', recipient: 'r1', client: 'c1' },
    }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  await Promise.all([isp.clearMessages(), office.clearMessages()]);
});

const account = (way: string, login: string, more = '') =>
  `  - {${way}, host: mail.office.example, username: ${login}, password: ${login[0]}1, ca_file: ${CA}${more}}\n`;

const relayHost = `
myhostname: relay.home.example
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
`;

describe('accounts', () => {
  let relay: Relay;

  beforeAll(async () => {
    const yaml = `${relayHost}accounts:
${account('sender: her@home.example', 'sender')}
${account('recipient: "@office.example"', 'recipient', ', send_as: desk@office.example')}
${account(`client: ${printer.container.address}`, 'client')}`;
    const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
    relay = stack.use(await startRelay(network, { files, aliases: ['accounts'] }));
  });

  const cases: readonly (readonly [
    what: string,
    from: string,
    to: string,
    login: string,
    as: string,
  ])[] = [
    ['the sender', 'her@home.example', 'a@example.com', 'sender', 'her@home.example'],
    ['the recipient', 'his@home.example', 'a@office.example', 'recipient', 'desk@office.example'],
    [
      'the recipient before the sender',
      'her@home.example',
      'b@office.example',
      'recipient',
      'desk@office.example',
    ],
  ];

  it.each(cases)('are chosen by %s', async (_, from, to, login, as) => {
    await client.send(relay, { from, to });
    const { session, envelope } = await office.waitForMessage();
    expect([session.auth?.username, envelope]).toEqual([login, { from: as, to: [to] }]);
  });

  it('are chosen by the client before all else', async () => {
    await printer.send(relay, { from: 'her@home.example', to: 'c@office.example' });
    const { session, envelope } = await office.waitForMessage();
    expect(session.auth?.username).toBe('client');
    expect(envelope).toEqual({ from: 'her@home.example', to: ['c@office.example'] });
  });

  it('leave everybody else to the relay host, each recipient by itself', async () => {
    await client.send(relay, {
      from: 'his@home.example',
      to: ['a@example.com', 'd@office.example'],
    });
    const [mine, theirs] = [await isp.waitForMessage(), await office.waitForMessage()];
    expect([mine.session.auth?.username, mine.envelope.to]).toEqual(['hoge', ['a@example.com']]);
    expect([theirs.session.auth?.username, theirs.envelope.to]).toEqual([
      'recipient',
      ['d@office.example'],
    ]);
  });

  it('are shown by explain, and which entry chose them', async () => {
    const explain = (from: string, to: string, ...more: string[]) =>
      relay.run(['hikyaku', 'explain', from, to, ...more]);
    expect(await explain('her@home.example', 'a@office.example')).toMatch(
      /transport: office\.example/,
    );
    expect(await explain('her@home.example', 'a@example.com')).toMatch(/sender_transport: her@/);
    const byClient = await explain(
      'her@home.example',
      'a@example.com',
      '--client',
      printer.container.address,
    );
    expect(byClient).toMatch(/client_transport: /);
    expect(byClient).toMatch(/as client /);
  });
});

describe('capture', () => {
  it('sends all mail to one address, whatever names its recipients', async () => {
    const dev = 'dev@example.com';
    const yaml = `${relayHost}capture: ${dev}
send_as: hoge@isp.example
virtual: {alias@home.example: [real1@example.org, real2@example.org], root: real3@example.org}
canonical: {"old@home.example": real4@example.org}
accounts:
${account('recipient: "@office.example"', 'recipient')}
${account(`client: ${client.container.address}`, 'client')}
postfix:
  always_bcc: real5@example.org
  header_checks: "regexp:{{/^Subject: redirect/ REDIRECT real6@example.org}}"
  transport_maps: "inline:{{example.org=smtp:[mail.office.example]}}"
`;
    const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
    await using relay = await startRelay(network, { files, aliases: ['capture'] });
    const send = (to: readonly string[], headers: Readonly<Record<string, string>> = {}) =>
      client.send(relay, { from: 'shop@home.example', to, headers });
    await send(['one@example.org', 'two@office.example', 'three@example.net'], {
      Bcc: 'hidden@example.org',
      'X-Test-Id': 'several',
    });
    await send(['alias@home.example']);
    await send(['old@home.example', 'root']);
    await relay.run([
      'sh',
      '-c',
      'printf "To: t@example.org\\nBcc: b@example.org\\n\\nx\\n" | sendmail -t',
    ]);
    await relay.run(['sh', '-c', 'printf "Subject: x\\n\\nx\\n" | sendmail argument@example.org']);
    const messages = await isp.waitForMessages(5);
    expect(messages.map(({ envelope }) => envelope.to)).toEqual(Array(5).fill([dev]));
    const several = messages.find(({ testId }) => testId === 'several')?.raw ?? '';
    for (const to of ['one@example.org', 'two@office.example', 'three@example.net']) {
      expect(several).toContain(`X-Original-To: ${to}`);
    }
    expect(messages.some(({ raw }) => raw.includes('X-Original-To: argument@example.org'))).toBe(
      true,
    );
    // A redirect of the user's own comes after the queue took the mail: it ends there.
    await send(['four@example.org'], { Subject: 'redirect' });
    await relay.waitForLog(/to=<real6@example\.org>.*status=bounced/);
    const notice = await isp.waitForMessages(6);
    expect(notice.map(({ envelope }) => envelope.to)).toEqual(Array(6).fill([dev]));
    expect(await office.messages()).toEqual([]);
  });

  it('keeps all mail in a mailbox here', async () => {
    const yaml = `${relayHost}capture: user
local: {domains: [home.example], mailboxes: [user, other]}
`;
    await using volume = await createVolume();
    const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
    await using relay = await startRelay(network, {
      files,
      aliases: ['mailbox'],
      volumes: { '/var/mail': volume },
    });
    const to = ['someone@example.org', 'other@home.example', 'nobody@home.example'];
    await client.send(relay, { from: 'shop@home.example', to, headers: { 'X-Test-Id': 'kept' } });
    const mail = await waitForMail(relay, 'user', 'X-Test-Id: kept');
    for (const one of to) expect(mail).toContain(`X-Original-To: ${one}`);
    expect(await relay.run(['sh', '-c', 'ls /var/mail/other/new 2>/dev/null | wc -l'])).toBe('0\n');
    expect(await isp.messages()).toEqual([]);
  });
});
