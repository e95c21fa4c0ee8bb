import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// P4: how the relay logs in, and when it does not. One relay has an account at each of many
// providers, and which one a mail goes to is told by its sender.

const TO = 'friend@example.com';

const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
  String.fromCharCode(0x20 + index),
).join('');
const HARDEST = `${printable}.ßя密🔑`;
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

/** The one that the relay sends to when a sender has no account. */
const SEVERAL = 'several';
const PROVIDERS: Readonly<Record<string, Partial<ProviderSettings>>> = {
  [SEVERAL]: {
    mechanisms: ['CRAM-MD5', 'XOAUTH2', 'LOGIN', 'PLAIN', 'ANONYMOUS'],
    users: { ...PASSWORDS, [LOGIN.username]: LOGIN.password, hardest: HARDEST },
  },
  plain: { mechanisms: ['PLAIN'] },
  login: { mechanisms: ['LOGIN'] },
  'cram-md5': { mechanisms: ['CRAM-MD5'] },
  'old-form': { mechanisms: ['PLAIN', 'LOGIN'], authForm: 'equals' },
  anonymous: { mechanisms: ['ANONYMOUS'] },
  'in-clear': { starttls: false, cleartextAuth: true },
  'wrong-name': { certificate: 'wrong-name' },
  expired: { certificate: 'expired' },
  'self-signed': { certificate: 'self-signed' },
  unknown: {},
  'no-tls-today': {},
};

interface Account {
  readonly sender: string;
  readonly host: string;
  readonly username: string;
  readonly password?: string;
  readonly password_file?: string;
  readonly mechanisms?: readonly string[];
  readonly ca_file?: string;
}

const hostOf = (name: string): string => `${name}.isp.example`;
const senderOf = (name: string): string => `${name}@home.example`;
const caOf = (name: string): string => `/certs/${name}.pem`;
const SECRET_FILE = '/run/secrets/hardest';

/** An account at the provider with several mechanisms. */
const atSeveral = (name: string, more: Omit<Account, 'sender' | 'host'>): Account => ({
  sender: senderOf(name),
  host: hostOf(SEVERAL),
  ca_file: caOf(SEVERAL),
  ...more,
});

const MECHANISMS = ['plain', 'login', 'cram-md5'] as const;

const ACCOUNTS: readonly Account[] = [
  ...Object.keys(PROVIDERS).map((name) => ({
    sender: senderOf(name),
    host: hostOf(name),
    ...LOGIN,
    // Of one of them the authority is not known.
    ...(name !== 'unknown' && { ca_file: caOf(name) }),
  })),
  ...MECHANISMS.flatMap((mechanism) => [
    atSeveral(`by-${mechanism}`, { ...LOGIN, mechanisms: [mechanism] }),
    atSeveral(`hardest-by-${mechanism}`, {
      username: 'hardest',
      mechanisms: [mechanism],
      ...(mechanism === 'plain' ? { password: HARDEST } : { password_file: SECRET_FILE }),
    }),
  ]),
  ...Object.entries(PASSWORDS).map(([username, password]) =>
    atSeveral(username.toLowerCase(), { username, password, mechanisms: ['plain'] }),
  ),
];

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let relay: Relay;
const providers = new Map<string, ProviderHandle>();

function provider(name: string): ProviderHandle {
  const found = providers.get(name);
  if (found === undefined) throw new Error(`there is no provider ${name}`);
  return found;
}

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  const all = await startAll(
    stack,
    ...Object.entries(PROVIDERS).map(([name, settings]) =>
      startIsp(network, { names: [hostOf(name)], ...settings }),
    ),
  );
  for (const [index, name] of Object.keys(PROVIDERS).entries()) {
    const one = all[index];
    if (one !== undefined) providers.set(name, one);
  }
  const certificates = [...providers].map(([name, { caPem }]) => [caOf(name), caPem]);
  relay = stack.use(
    await startRelay(
      network,
      customerOf(provider(SEVERAL), {
        env: { RELAY_MECHANISMS: 'plain, login' },
        files: {
          ...Object.fromEntries(certificates),
          [SECRET_FILE]: { content: `${HARDEST}\n`, mode: 0o600 },
          // YAML takes JSON.
          '/etc/hikyaku/relay.yaml': JSON.stringify({ accounts: ACCOUNTS }),
        },
      }),
    ),
  );
});
afterAll(() => stack.disposeAsync());

/** How a mail from this sender arrived: the login, and all attempts in its session. */
async function loginOf(name: string, from: string) {
  const at = provider(name);
  expect(await client.send(relay, { from, to: TO })).toMatchObject({ accepted: true });
  const { session } = await at.waitForMessage(({ envelope }) => envelope.from === from);
  const logins = (await at.sessions()).find(({ id }) => id === session.id)?.logins;
  return { auth: session.auth, logins };
}

describe('a provider that offers several mechanisms', () => {
  it.each([
    ['plain', senderOf('by-plain'), 'PLAIN'],
    ['login', senderOf('by-login'), 'LOGIN'],
    ['cram-md5', senderOf('by-cram-md5'), 'CRAM-MD5'],
    ['plain, login', 'nobody@home.example', 'PLAIN'],
  ])('is logged in to by the one that mechanisms "%s" allow', async (_, from, used) => {
    expect(await loginOf(SEVERAL, from)).toMatchObject({
      auth: { mechanism: used, username: LOGIN.username },
      logins: [{ mechanism: used, ok: true, tls: true }],
    });
  });
});

describe('a provider', () => {
  it.each([
    ['plain', 'offers PLAIN alone', 'PLAIN'],
    ['login', 'offers LOGIN alone', 'LOGIN'],
    ['cram-md5', 'offers CRAM-MD5 alone', 'CRAM-MD5'],
    ['old-form', 'announces them in the old form, AUTH=PLAIN LOGIN,', 'PLAIN'],
  ])('%s, that %s is logged in to by %s without a setting', async (name, _, used) => {
    expect(await loginOf(name, senderOf(name))).toMatchObject({
      auth: { mechanism: used, username: LOGIN.username },
    });
  });

  const UNTRUSTED = /Server certificate not (verified|trusted)/;
  it.each([
    ['anonymous', 'offers ANONYMOUS alone', /no mechanism available/],
    [
      'in-clear',
      'has no STARTTLS and offers a login in clear',
      /TLS is required, but was not offered/,
    ],
    ['wrong-name', 'shows a certificate for another name', UNTRUSTED],
    ['expired', 'shows an expired certificate', UNTRUSTED],
    ['self-signed', 'shows a certificate that it signed itself', UNTRUSTED],
    ['unknown', 'has an authority that nobody knows', UNTRUSTED],
  ])('%s, that %s, gets no login, and the mail waits', async (name, _, reason) => {
    const to = `${name}@example.com`;
    await client.send(relay, { from: senderOf(name), to });
    expect(await relay.waitForDelay(to)).toMatch(reason);
    expect((await provider(name).sessions()).flatMap(({ logins }) => logins)).toEqual([]);
    expect(await provider(name).stats()).toMatchObject({ logins: 0, failedLogins: 0, messages: 0 });
  });

  it('whose STARTTLS is taken away gets the mail once it is back', async () => {
    const to = 'no-tls-today@example.com';
    const away = provider('no-tls-today');
    await away.setFaults({ at: 'starttls', reply: '454 4.7.0 TLS not available' });
    await client.send(relay, { from: senderOf('no-tls-today'), to });
    expect(await relay.waitForDelay(to)).toContain('454 4.7.0 TLS not available');
    expect(await away.stats()).toMatchObject({ logins: 0, failedLogins: 0, messages: 0 });
    await away.setFaults();
    await relay.flush();
    const [message] = await away.waitForMessages(1);
    expect(message?.session.auth?.username).toBe(LOGIN.username);
  });
});

describe('a password', () => {
  it('arrives unchanged, whatever printable characters are in it', async () => {
    for (const name of Object.keys(PASSWORDS)) {
      await client.send(relay, { from: senderOf(name.toLowerCase()), to: TO });
    }
    const at = provider(SEVERAL);
    for (const name of Object.keys(PASSWORDS)) {
      await at.waitForMessage(({ session }) => session.auth?.username === name);
    }
    const logins = (await at.sessions()).flatMap((session) => session.logins);
    expect(logins.filter(({ ok }) => !ok)).toEqual([]);
    const received = logins
      .filter(({ username }) => username !== null && username in PASSWORDS)
      .map(({ username, password }) => [username, password]);
    expect(Object.fromEntries(received)).toEqual(PASSWORDS);
  });

  it.each([
    ['PLAIN', 'relay.yaml', HARDEST],
    ['LOGIN', 'a file', HARDEST],
    // Does not send the password, and fails when one bit of it is wrong.
    ['CRAM-MD5', 'a file', null],
  ])('goes by %s as it was given in %s', async (mechanism, _, password) => {
    const from = senderOf(`hardest-by-${mechanism.toLowerCase()}`);
    expect(await loginOf(SEVERAL, from)).toMatchObject({
      logins: [{ mechanism, password, ok: true }],
    });
  });

  it('goes as it was given in a variable', async () => {
    const env = { RELAY_USERNAME: 'hardest', RELAY_PASSWORD: HARDEST, RELAY_MECHANISMS: 'login' };
    const more = { env, aliases: ['relay-variable'] as const };
    await using other = await startRelay(network, customerOf(provider(SEVERAL), more));
    const from = 'variable@home.example';
    await client.send(other, { from, to: TO });
    const { session } = await provider(SEVERAL).waitForMessage(
      ({ envelope }) => envelope.from === from,
    );
    const { logins } =
      (await provider(SEVERAL).sessions()).find(({ id }) => id === session.id) ?? {};
    expect(logins).toMatchObject([{ mechanism: 'LOGIN', password: HARDEST, ok: true }]);
  });
});
