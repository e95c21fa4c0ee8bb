import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { startRelay } from '../support/relay.ts';

// P4: how the relay logs in, and when it does not.

const MAIL = { from: 'hoge@isp.example', to: 'friend@example.com' };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
});
afterAll(() => stack.disposeAsync());

let count = 0;
function start(settings: Partial<ProviderSettings> = {}): Promise<ProviderHandle> {
  count += 1;
  return startIsp(network, { names: [`mail${count}.isp.example`], ...settings });
}

describe('a provider that offers several mechanisms', () => {
  let provider: ProviderHandle;
  beforeAll(async () => {
    provider = await start({ mechanisms: ['CRAM-MD5', 'XOAUTH2', 'LOGIN', 'PLAIN', 'ANONYMOUS'] });
  });
  afterAll(() => provider[Symbol.asyncDispose]());

  it.each([
    ['plain', 'PLAIN'],
    ['login', 'LOGIN'],
    ['cram-md5', 'CRAM-MD5'],
    ['plain, login', 'PLAIN'],
  ])('is logged in to by the one that RELAY_MECHANISMS=%s allows', async (mechanisms, used) => {
    await provider.clearMessages();
    const env = { RELAY_MECHANISMS: mechanisms };
    await using relay = await startRelay(network, customerOf(provider, { env }));
    await client.send(relay, MAIL);
    const [message] = await provider.waitForMessages(1);
    expect(message?.session.auth).toEqual({ mechanism: used, username: LOGIN.username });
    const logins = (await provider.sessions()).findLast(({ clientAddress }) =>
      clientAddress.includes(relay.address),
    )?.logins;
    expect(logins).toMatchObject([{ mechanism: used, ok: true, tls: true }]);
  });
});

describe('a provider', () => {
  const ONE: readonly [string, string, Partial<ProviderSettings>][] = [
    ['offers PLAIN alone', 'PLAIN', { mechanisms: ['PLAIN'] }],
    ['offers LOGIN alone', 'LOGIN', { mechanisms: ['LOGIN'] }],
    ['offers CRAM-MD5 alone', 'CRAM-MD5', { mechanisms: ['CRAM-MD5'] }],
    [
      'announces them in the old form, AUTH=PLAIN LOGIN',
      'PLAIN',
      { mechanisms: ['PLAIN', 'LOGIN'], authForm: 'equals' },
    ],
  ];
  it.each(ONE)('that %s is logged in to by %s without a setting', async (_, used, settings) => {
    await using provider = await start(settings);
    await using relay = await startRelay(network, customerOf(provider));
    await client.send(relay, MAIL);
    const [message] = await provider.waitForMessages(1);
    expect(message?.session.auth).toEqual({ mechanism: used, username: LOGIN.username });
  });

  const UNTRUSTED = /Server certificate not (verified|trusted)/;
  const WAITS: readonly [string, RegExp, Partial<ProviderSettings>][] = [
    ['offers ANONYMOUS alone', /no mechanism available/, { mechanisms: ['ANONYMOUS'] }],
    [
      'has no STARTTLS and offers a login in clear',
      /TLS is required, but was not offered/,
      { starttls: false, cleartextAuth: true },
    ],
    ['shows a certificate for another name', UNTRUSTED, { certificate: 'wrong-name' }],
    ['shows an expired certificate', UNTRUSTED, { certificate: 'expired' }],
    ['shows a certificate that it signed itself', UNTRUSTED, { certificate: 'self-signed' }],
  ];
  it.each(WAITS)('that %s gets no login, and the mail waits', async (_, reason, settings) => {
    await using provider = await start(settings);
    await using relay = await startRelay(network, customerOf(provider));
    await client.send(relay, MAIL);
    expect(await relay.waitForDelay(MAIL.to)).toMatch(reason);
    expect((await provider.sessions()).flatMap(({ logins }) => logins)).toEqual([]);
    expect(await provider.stats()).toMatchObject({ logins: 0, failedLogins: 0, messages: 0 });
  });

  it('whose authority nobody knows gets no login, and the mail waits', async () => {
    await using provider = await start();
    const env = { RELAY_CA_FILE: '' };
    await using relay = await startRelay(network, customerOf(provider, { env }));
    await client.send(relay, MAIL);
    expect(await relay.waitForDelay(MAIL.to)).toMatch(UNTRUSTED);
    expect(await provider.stats()).toMatchObject({ logins: 0, failedLogins: 0, messages: 0 });
  });

  it('whose STARTTLS is taken away gets the mail once it is back', async () => {
    await using provider = await start();
    await provider.setFaults({ at: 'starttls', reply: '454 4.7.0 TLS not available' });
    await using relay = await startRelay(network, customerOf(provider));
    await client.send(relay, MAIL);
    expect(await relay.waitForDelay(MAIL.to)).toContain('454 4.7.0 TLS not available');
    expect(await provider.stats()).toMatchObject({ logins: 0, failedLogins: 0, messages: 0 });
    await provider.setFaults();
    await relay.flush();
    const [message] = await provider.waitForMessages(1);
    expect(message?.session.auth?.username).toBe(LOGIN.username);
  });
});

describe('a password', () => {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
    String.fromCharCode(0x20 + index),
  ).join('');
  const PASSWORDS: Readonly<Record<string, string>> = {
    'every-printable-ASCII-character': `${printable}.`,
    'other-scripts': 'Grüße, пароль, 密码, 🔑',
    'Postfix-parameters': ['$myhostname', '$', '{myorigin}', '$(x)', '$$', '%s'].join(''),
    'a-comment': '#not a comment',
    'quotes-and-backslashes': `"'\\n\\"\\\\`,
    'colons-and-equals-signs': ':=::==:',
    'braces-and-commas': '{ a, b } [c] <d>',
    'a-blank-in-front': ' x',
    'blanks-inside': 'abcd  efgh ijkl   mnop',
    'a-hundred-characters': 'x'.repeat(100),
  };
  const names = Object.keys(PASSWORDS);

  it('arrives unchanged, whatever printable characters are in it', async () => {
    await using provider = await start({ users: PASSWORDS, mechanisms: ['PLAIN'] });
    // Each password belongs to a sender's own account, so one relay can show them all.
    const accounts = names.map((name) => ({
      sender: `${name}@isp.example`,
      host: provider.host,
      username: name,
      password: PASSWORDS[name],
      ca_file: '/certs/provider-ca.pem',
    }));
    const [first = ''] = names;
    await using relay = await startRelay(
      network,
      customerOf(provider, {
        env: {
          RELAY_CONFIG: JSON.stringify({ accounts }),
          RELAY_USERNAME: first,
          RELAY_PASSWORD: PASSWORDS[first] ?? '',
        },
      }),
    );
    for (const name of names) {
      await client.send(relay, { from: `${name}@isp.example`, to: MAIL.to });
    }
    await client.send(relay, MAIL);
    await provider.waitForMessages(names.length + 1);
    const logins = (await provider.sessions()).flatMap((session) => session.logins);
    expect(logins.filter(({ ok }) => !ok)).toEqual([]);
    const received = Object.fromEntries(
      logins.map(({ username, password }) => [username, password]),
    );
    expect(received).toEqual(PASSWORDS);
  });

  const HARDEST = `${printable}.ßя密🔑`;
  const fromVariable = { env: { RELAY_PASSWORD: HARDEST } };
  const fromFile = {
    env: { RELAY_PASSWORD: '', RELAY_PASSWORD_FILE: '/run/secrets/isp' },
    files: { '/run/secrets/isp': `${HARDEST}\n` },
  };
  it.each([
    ['PLAIN', 'a variable', fromVariable, HARDEST],
    ['LOGIN', 'a file', fromFile, HARDEST],
    // Does not send the password, and fails when one bit of it is wrong.
    ['CRAM-MD5', 'a file', fromFile, null],
  ])('goes by %s as it was given in %s', async (mechanism, _, settings, password) => {
    await using provider = await start({ users: { hoge: HARDEST }, mechanisms: [mechanism] });
    await using relay = await startRelay(network, customerOf(provider, settings));
    await client.send(relay, MAIL);
    await provider.waitForMessages(1);
    const logins = (await provider.sessions()).flatMap((session) => session.logins);
    expect(logins).toMatchObject([{ mechanism, password, ok: true }]);
  });
});
