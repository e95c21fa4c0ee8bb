import { afterAll, beforeAll, expect, it } from 'vitest';
import { startContainer } from '../support/container.ts';
import { LOGIN } from '../support/customer.ts';
import { startDns } from '../support/dns.ts';
import { accountAt, type Examination, examine } from '../support/examination.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// Servers that fall silent or hang up in the middle, names that lead nowhere, and what a provider
// says only when a recipient is named: the doctor tells the step, and what to do. One relay has all
// of these faults at once.

const PASSWORD = LOGIN.password;
const NAME = 'nas.home.example';
const USERS = ['hoge', 'mute', 'cut', 'slow', 'greeter', 'unlisted', 'trial', 'tarpit', 'closed'];

/** A server of clear text where TLS is expected, and one that speaks something else. */
const STRANGER = `const net = require('node:net');
  net.createServer((socket) => socket.on('error', () => {}).write('220 hello\\r\\n')).listen(465);
  net.createServer((socket) => socket.on('error', () => {}).write('HTTP/1.1 400\\r\\n')).listen(587);`;

const account = accountAt('mail.isp.example');

const ACCOUNTS = [
  account('silent', { port: 25 }),
  account('filtered', { host: 'second.isp.example' }),
  account('scanned', { host: 'second.isp.example', port: 25 }),
  account('mute', { username: 'mute' }),
  account('cut', { username: 'cut' }),
  account('slow', { username: 'slow' }),
  account('greeter', { username: 'greeter' }),
  account('unlisted', { username: 'unlisted' }),
  account('trial', { username: 'trial' }),
  account('clear', { host: 'stranger.example', port: 465 }),
  account('web', { host: 'stranger.example' }),
  account('domain', { host: 'whole.example' }),
  account('modern', { host: 'six.example' }),
  account('namesake', { host: 'namesake.example', port: 25 }),
  account('tarpit', { username: 'tarpit' }),
  account('closed', { username: 'closed' }),
];

const stack = new AsyncDisposableStack();
let report: Examination;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  const users = Object.fromEntries(USERS.map((user) => [user, PASSWORD]));
  const [isp, second, dns] = await startAll(
    stack,
    startProvider(network, { names: ['mail.isp.example'], users }),
    startProvider(network, { names: ['second.isp.example'], users }),
    startDns(network, {
      mx: { 'whole.example': [{ host: 'mx.whole.example', preference: 10 }] },
      a: { 'mx.whole.example': '192.0.2.1', 'six.example': '2001:db8::25' },
    }),
    startProvider(network, {
      names: [NAME, 'namesake.example'],
      aliases: ['namesake.example'],
      users,
    }),
    startContainer({
      image: IMAGES.provider,
      network,
      aliases: ['stranger.example'],
      command: ['node', '-e', STRANGER],
      healthEverySeconds: 'never',
    }),
  );
  await isp.setFaults(
    { at: 'ehlo', action: 'hang', match: { listener: 25 } },
    { at: 'auth', action: 'hang', match: { username: 'mute' } },
    { at: 'auth', action: 'vanish', match: { username: 'cut' } },
    { at: 'mail', action: 'hang', match: { username: 'slow' } },
    {
      at: 'rcpt',
      reply: '504 5.5.2 <nas>: Helo command rejected: need fully-qualified hostname',
      match: { username: 'greeter' },
    },
    { at: 'auth', reply: '525 5.7.1 Unauthorized IP address', match: { username: 'unlisted' } },
    { at: 'rcpt', delay_ms: 6_000, match: { username: 'tarpit' } },
    { at: 'rcpt', reply: '554 5.7.1 Relay access denied', match: { username: 'closed' } },
    {
      at: 'rcpt',
      reply: '550 5.7.1 Sandbox subdomains are for test purposes only',
      match: { username: 'trial' },
    },
  );
  await second.setFaults(
    { at: 'starttls', action: 'vanish', match: { listener: 587 } },
    { at: 'ehlo', reply: '502 5.5.1 Command not implemented', match: { listener: 25 } },
  );
  // JSON is YAML as well.
  const config = { relay: account('', { sender: undefined }), accounts: ACCOUNTS };
  const relay = stack.use(
    await startRelay(network, {
      hostname: NAME,
      aliases: ['nas'],
      env: { RELAY_CONFIG: JSON.stringify(config) },
      files: { '/ca.pem': isp.caPem },
      dns: [dns.address],
    }),
  );
  report = await examine(relay);
});
afterAll(() => stack.disposeAsync());

const CASES: readonly [sender: string, trouble: object, setting: string | undefined][] = [
  ['silent', { kind: 'silent', step: 'EHLO' }, 'accounts.0.port'],
  ['filtered', { kind: 'hung-up', step: 'STARTTLS' }, 'accounts.1.port'],
  ['scanned', { kind: 'no-ehlo', reply: { code: 502 } }, 'accounts.2.port'],
  ['mute', { kind: 'silent', step: 'AUTH' }, 'accounts.3.password'],
  ['cut', { kind: 'hung-up', step: 'AUTH' }, 'accounts.4.password'],
  ['slow', { kind: 'silent', step: 'MAIL' }, undefined],
  ['greeter', { kind: 'helo', step: 'RCPT', sender: 'greeter@x.example' }, 'myhostname'],
  ['unlisted', { kind: 'allow-list', step: 'AUTH', reply: { code: 525 } }, undefined],
  ['trial', { kind: 'trial', step: 'RCPT', sender: 'trial@x.example' }, undefined],
  ['clear', { kind: 'tls-not-first', port: 465 }, 'accounts.9.port'],
  ['web', { kind: 'not-smtp' }, 'accounts.10.host'],
  ['domain', { kind: 'mail-domain', mailHosts: ['mx.whole.example'] }, 'accounts.11.host'],
  ['modern', { kind: 'no-ipv6' }, 'accounts.12.host'],
  ['closed', { kind: 'login-too-weak', sender: 'closed@x.example' }, 'accounts.15.port'],
  ['namesake', { kind: 'namesake', name: NAME, isItself: false }, 'myhostname'],
];

it.each(CASES)('the fault of %s is told as %j', (sender, trouble, setting) => {
  const found = report.findings.filter((one) => one.subject.includes(`account ${sender}@`));
  expect(found).toContainEqual(
    expect.objectContaining({
      state: 'wrong',
      trouble: expect.objectContaining(nested(trouble)),
      settings: setting === undefined ? [] : expect.arrayContaining([setting]),
    }),
  );
});

/** Facts of a trouble that hold facts themselves need not be told whole. */
const nested = (facts: object): object =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      fact?.constructor === Object ? expect.objectContaining(fact) : fact,
    ]),
  );

it('a server that has everybody wait at the recipient is nothing that is wrong', () => {
  expect(report.findings).toContainEqual({
    state: 'note',
    kind: 'sender-taken',
    subject: expect.stringContaining('account tarpit@x.example'),
    words: expect.stringContaining('slow'),
  });
});

it('nothing else is wrong, and no secret is shown', () => {
  const wrongs = report.findings.filter(({ state }) => state === 'wrong');
  expect(wrongs).toHaveLength(CASES.length);
  expect(report).toMatchObject({ ok: false, exitCode: 1 });
  const login = Buffer.from(`\0mute\0${PASSWORD}`).toString('base64');
  for (const secret of [PASSWORD, login]) expect(report.text).not.toContain(secret);
});
