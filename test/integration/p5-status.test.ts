import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOGIN } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { accountAt } from '../support/examination.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// P5: a server with no usable mechanism: mail waits, and `status` and `doctor` say what the server
// offers, what we allow, and which setting to change. And what `status` says of other reasons.

const PASSWORD = LOGIN.password;
const FILE = '/etc/hikyaku/relay.yaml';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let relay: Relay;
let narrow: ProviderHandle;

async function start(name: string, settings: Partial<ProviderSettings> = {}) {
  const names = [`${name}.isp.example`] as const;
  const users = { hoge: PASSWORD, greylisted: PASSWORD, limited: PASSWORD };
  return stack.use(await startProvider(network, { names, users, ...settings }));
}

const account = accountAt('good.isp.example');

const ACCOUNTS = [
  account('tokens', { host: 'tokens.isp.example' }),
  account('password', { password: 'a-wrong-one' }),
  account('expired', { host: 'expired.isp.example' }),
  account('closed', { port: 2525 }),
  account('greylisted', { username: 'greylisted' }),
  account('limited', { username: 'limited' }),
];

/** JSON is YAML as well. */
const settings = (mechanisms: readonly string[]): string =>
  JSON.stringify({
    relay: { ...account('', { host: 'narrow.isp.example', mechanisms }), sender: undefined },
    accounts: ACCOUNTS,
    postfix: { smtp_helo_timeout: '77s' },
  });

const send = (from: string, to = 'friend@example.com') =>
  relay.run(['sh', '-c', `printf 'Subject: hello\\n\\nHello.\\n' | sendmail -f ${from} ${to}`]);

beforeAll(async () => {
  network = stack.use(await startNetwork());
  const providers = await Promise.all([
    start('narrow', { mechanisms: ['CRAM-MD5'] }),
    start('tokens', { mechanisms: ['XOAUTH2', 'GSSAPI'] }),
    start('good'),
    start('expired', { certificate: 'expired' }),
  ]);
  narrow = providers[0];
  await providers[2].setFaults(
    { at: 'rcpt', reply: '450 4.2.0 Greylisted', match: { username: 'greylisted' } },
    { at: 'mail', reply: '451 4.7.1 rate limit exceeded', match: { username: 'limited' } },
  );
  const files = { [FILE]: settings(['plain', 'login']), '/ca.pem': narrow.caPem };
  relay = stack.use(await startRelay(network, { files }));
  await send('anybody@elsewhere.example');
  await send('somebody@elsewhere.example');
  for (const { sender } of ACCOUNTS) await send(sender);
  await eventually('a reason for each message', async () => {
    const messages = await relay.queue();
    const reasons = messages.filter(({ recipients: [first] }) => first?.delay_reason !== undefined);
    return reasons.length === ACCOUNTS.length + 2;
  });
});
afterAll(() => stack.disposeAsync());

/** The lines of `hikyaku status` about the messages of one account, or of the relay host. */
async function about(server: string): Promise<string> {
  const lines = (await relay.exec(['hikyaku', 'status'])).stdout.split('\n');
  const first = lines.findIndex((line) => line.includes(` for ${server}`));
  const next = lines.findIndex((line, index) => index > first && !line.startsWith('    '));
  return lines.slice(first, next).join('\n');
}

describe('P5: a server with no usable mechanism', () => {
  /** What the server offers, what this relay allows, and the setting to change. */
  const FACTS =
    /CRAM-MD5;.* plain, login \(relay\.mechanisms\)[\s\S]* relay\.mechanisms .*cram-md5/;

  it('makes mail wait, and status says what is offered, what is allowed, and what to set', async () => {
    const text = await about('relay host [narrow.isp.example]:587');
    expect(text).toMatch(/^ *2 messages for /);
    expect(text).toMatch(FACTS);
    expect(text).toContain('SASL authentication failed');
  });

  it('is told by doctor in the same words', async () => {
    const { output, exitCode } = await relay.exec(['hikyaku', 'doctor']);
    expect(exitCode).toBe(1);
    expect(output).toContain('WRONG  relay host [narrow.isp.example]:587: ');
    expect(output).toMatch(FACTS);
  });

  it('that takes tokens alone is called that: no setting of mechanisms would help', async () => {
    const text = await about('account tokens@x.example');
    expect(text).toContain('XOAUTH2, GSSAPI');
    expect(text).not.toContain('mechanisms to');
  });
});

describe('status', () => {
  it.each([
    ['password', 'password', 'accounts[1].password'],
    ['expired', 'certificate', 'accounts[2].tls=encrypt'],
    ['closed', 'connection-refused', 'accounts[3].port'],
    ['greylisted', 'greylisting', ''],
    ['limited', 'rate', 'accounts[5].connections'],
  ])('explains why the mail from %s waits, and what to change', async (sender, kind, setting) => {
    const { queue } = JSON.parse((await relay.exec(['hikyaku', 'status', '--json'])).stdout);
    expect(queue.waiting).toContainEqual(
      expect.objectContaining({
        server: expect.stringContaining(`account ${sender}@x.example`),
        trouble: expect.objectContaining({ kind }),
      }),
    );
    expect(await about(`account ${sender}@x.example`)).toContain(setting);
  });

  it('is one screen: versions, what is in force, the provider, the queue', async () => {
    const { stdout: text, exitCode } = await relay.exec(['hikyaku', 'status']);
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^STUCK: 8 mails for \d+ \w+\nPostfix 3\.\d+\.\d+$/m);
    expect(text).not.toContain('table types');
    expect(text).toContain('  smtp_helo_timeout = 77s\n');
    expect(text).toContain('mail goes to: [narrow.isp.example]:587 as hoge (password ***)');
    expect(text).toContain('\nqueue: 8 messages (8 under an hour)\n');
    for (const secret of [PASSWORD, 'a-wrong-one']) expect(text).not.toContain(secret);
  });

  it('is the same for machines', async () => {
    const report = JSON.parse((await relay.exec(['hikyaku', 'status', '--json'])).stdout);
    expect(report).toMatchObject({
      version: expect.stringMatching(/^3\./),
      verdict: { state: 'stuck', count: 8 },
      running: true,
      mapType: 'lmdb',
      queue: { total: 8, untried: 0, held: 0, byAge: [{ age: 'under an hour', count: 8 }] },
    });
    expect(report.queue.waiting[0]).toMatchObject({
      count: 2,
      trouble: { kind: 'mechanisms' },
      server: 'relay host [narrow.isp.example]:587',
      findings: expect.arrayContaining([
        expect.objectContaining({ state: 'wrong', kind: 'mechanisms' }),
      ]),
    });
    expect(JSON.stringify(report)).not.toContain(PASSWORD);
  });
});

it('P5: when the setting is changed as told, the mail that waited is delivered', async () => {
  await relay.write(FILE, settings(['cram-md5']));
  await relay.run(['hikyaku', 'reload']);
  await relay.run(['hikyaku', 'queue', 'retry']);
  const messages = await narrow.waitForMessages(2);
  expect(messages.map(({ session }) => session.auth?.mechanism)).toEqual(['CRAM-MD5', 'CRAM-MD5']);
  const { stdout } = await relay.exec(['hikyaku', 'status']);
  expect(stdout).not.toContain('relay host [narrow.isp.example]:587, mechanisms');
});
