import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { FaultRule } from '../support/provider/api.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { startAll } from '../support/start-all.ts';
import type { Handover } from '../support/swaks.ts';

// The provider is what other tests judge by, so it is tested alone, with clients of other people.

const PASSWORD = ` p:ä"$'\\ `;
const LOGIN = { username: 'hoge', password: PASSWORD };
const MAIL = { from: 'hoge@foo.bar.example', to: ['a@example.com', 'b@example.com'] };
const BY_PLAIN = {
  ...MAIL,
  port: 587,
  tls: 'starttls',
  login: { ...LOGIN, mechanism: 'PLAIN' },
} as const;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;

/** Each has several peculiarities that do not touch each other; one has none. */
const PROVIDERS = {
  usual: {},
  mx: { users: {}, hide: ['PIPELINING', 'SMTPUTF8'] },
  'no-login': { mechanisms: [], certificate: 'expired' },
  'others-login': { mechanisms: ['GSSAPI', 'NTLM'], certificate: 'self-signed' },
  'old-form': { mechanisms: ['PLAIN', 'LOGIN'], authForm: 'equals', certificate: 'wrong-name' },
  'in-clear': { cleartextAuth: true, mechanisms: ['PLAIN'], authForm: 'both', tlsMin: 'TLSv1.3' },
  'no-tls': { starttls: false },
  strict: {
    size: 1000,
    tlsMax: 'TLSv1.2',
    senders: { hoge: ['hoge@foo.bar.example', '@own.example'] },
  },
} as const satisfies Readonly<Record<string, Partial<ProviderSettings>>>;
type Name = keyof typeof PROVIDERS;

const providers = new Map<string, ProviderHandle>();

/** One of them, with nothing in its records yet. */
async function fresh(name: Name): Promise<ProviderHandle> {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(`${name} has not been started`);
  await provider.clearMessages();
  await provider.setFaults();
  return provider;
}

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  const entries = Object.entries<Partial<ProviderSettings>>(PROVIDERS);
  const started = await startAll(
    stack,
    ...entries.map(([name, settings]) => {
      const names = [`${name}.isp.example`] as const;
      return startProvider(network, { names, users: { hoge: PASSWORD }, ...settings });
    }),
  );
  for (const [index, [name]] of entries.entries()) {
    const provider = started[index];
    if (provider !== undefined) providers.set(name, provider);
  }
});
afterAll(() => stack.disposeAsync());

/** The session of the last connection. */
const lastSession = async (provider: ProviderHandle) => (await provider.sessions()).at(-1);

/** The lines of the last reply to EHLO. */
function announced(replies: readonly string[]): string[] {
  const ehlo = replies.findLast((reply) => reply.startsWith('250-')) ?? '';
  return ehlo.split('\n').map((line) => line.slice(4));
}

describe('a login', () => {
  const ways: readonly [string, string, Handover][] = [
    ['PLAIN', PASSWORD, { port: 587, tls: 'starttls' }],
    ['LOGIN', PASSWORD, { port: 587, tls: 'starttls' }],
    ['LOGIN', PASSWORD, { port: 25, tls: 'starttls' }],
    ['PLAIN', PASSWORD, { port: 465, tls: 'tls' }],
    ['CRAM-MD5', '', { port: 587, tls: 'starttls' }],
  ];
  it.each(ways)('by %s is recorded with what was given', async (mechanism, password, handover) => {
    const provider = await fresh('usual');
    const login = { ...LOGIN, mechanism };
    const { accepted } = await client.send(provider, { ...MAIL, ...handover, login });
    expect(accepted).toBe(true);
    expect(await lastSession(provider)).toMatchObject({
      listener: handover.port,
      helo: 'client.example',
      clientAddress: client.container.address,
      tls: { version: 'TLSv1.3' },
      auth: { mechanism, username: 'hoge' },
      logins: [{ mechanism, username: 'hoge', password: password || null, ok: true, tls: true }],
    });
  });

  it('with another password is refused and recorded', async () => {
    const provider = await fresh('usual');
    const before = await provider.stats();
    const login = { username: 'hoge', password: 'wrong', mechanism: 'PLAIN' };
    const { accepted, reply } = await client.send(provider, { ...BY_PLAIN, login });
    expect(accepted).toBe(false);
    expect(reply).toMatch(/^535 5\.7\.8 /);
    const session = await lastSession(provider);
    expect(session?.logins).toMatchObject([{ password: 'wrong', ok: false }]);
    expect(session?.auth).toBeNull();
    const { logins, failedLogins } = before;
    expect(await provider.stats()).toMatchObject({
      logins,
      failedLogins: failedLogins + 1,
      messages: 0,
    });
  });

  it('is needed for mail when there are users', async () => {
    const provider = await fresh('usual');
    const { reply } = await client.send(provider, { ...MAIL, port: 587, tls: 'starttls' });
    expect(reply).toBe('530 5.7.0 Authentication required');
  });

  it('by a mechanism that the provider does not have leaves its trace', async () => {
    const provider = await fresh('others-login');
    await client.send(provider, BY_PLAIN);
    const session = await lastSession(provider);
    expect(session?.commands).toEqual([
      ...['EHLO client.example', 'STARTTLS', 'EHLO client.example', 'QUIT'],
    ]);
  });

  it('is not needed without users: an MX host', async () => {
    const provider = await fresh('mx');
    expect(await client.send(provider, MAIL)).toMatchObject({ accepted: true });
  });
});

describe('EHLO', () => {
  const CASES: readonly [string, Name, Handover, string[]][] = [
    [
      'announces the mechanisms over TLS',
      'usual',
      { tls: 'starttls' },
      ['AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2'],
    ],
    ['announces none in clear', 'usual', {}, []],
    [
      'announces them in clear when asked to, and in both forms',
      'in-clear',
      {},
      ['AUTH PLAIN', 'AUTH=PLAIN'],
    ],
    ['has the old form', 'old-form', { tls: 'starttls' }, ['AUTH=PLAIN LOGIN']],
    [
      'has mechanisms that nobody can use',
      'others-login',
      { tls: 'starttls' },
      ['AUTH GSSAPI NTLM'],
    ],
    ['has no AUTH at all', 'no-login', { tls: 'starttls' }, []],
  ];
  it.each(CASES)('%s', async (_what, name, handover, expected) => {
    const provider = await fresh(name);
    const { replies } = await client.send(provider, { ...MAIL, port: 587, ...handover });
    const lines = announced(replies);
    expect(lines.filter((line) => line.startsWith('AUTH'))).toEqual(expected);
    expect(lines).toContain('SIZE 26214400');
  });

  it('leaves out what is hidden', async () => {
    const provider = await fresh('mx');
    const { replies } = await client.send(provider, MAIL);
    expect(announced(replies)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/PIPELINING|SMTPUTF8/)]),
    );
    expect(announced(replies)).toContain('8BITMIME');
  });

  it('has no STARTTLS when that is taken away', async () => {
    const provider = await fresh('no-tls');
    const { replies, accepted } = await client.send(provider, BY_PLAIN);
    expect(announced(replies)).not.toContain('STARTTLS');
    expect(accepted).toBe(false);
  });
});

describe('TLS', () => {
  async function verify(provider: ProviderHandle, port: number, ...options: string[]) {
    await client.container.copyIn('/tmp/ca.pem', provider.caPem);
    const { output } = await client.container.exec([
      ...['timeout', '60', 'openssl', 's_client', '-connect', `${provider.host}:${port}`],
      ...['-CAfile', '/tmp/ca.pem', '-verify_hostname', provider.host, ...options],
    ]);
    return /Verification.*|Verify return code: .*|alert .*/.exec(output)?.[0];
  }

  const KINDS: readonly [NonNullable<ProviderSettings['certificate']>, Name, RegExp][] = [
    ['good', 'usual', /^Verification: OK/],
    ['expired', 'no-login', /certificate has expired/],
    ['wrong-name', 'old-form', /hostname mismatch/],
    ['self-signed', 'others-login', /self-signed certificate/],
  ];
  it.each(KINDS)('shows a certificate that is %s', async (_kind, name, expected) => {
    const provider = await fresh(name);
    expect(await verify(provider, 465)).toMatch(expected);
    expect(await verify(provider, 587, '-starttls', 'smtp')).toMatch(expected);
  });

  it('is no newer than the settings say', async () => {
    const provider = await fresh('strict');
    await client.send(provider, BY_PLAIN);
    expect((await provider.messages())[0]?.session.tls?.version).toBe('TLSv1.2');
  });

  it('is no older than the settings say, and a failed handshake is counted', async () => {
    const provider = await fresh('in-clear');
    const { connections, sessions } = await provider.stats();
    await verify(provider, 465, '-tls1_2');
    expect(await provider.stats()).toMatchObject({
      connections: connections + 1,
      sessions,
      tlsErrors: 1,
    });
  });
});

describe('a message', () => {
  it('is kept as it came, with its envelope', async () => {
    const provider = await fresh('usual');
    const body = 'Grüße\n.leading dot\n..two dots\n\nend';
    await client.send(provider, { ...BY_PLAIN, headers: { 'X-Test-Id': 'one' }, body });
    const [message] = await provider.messages();
    expect(message?.envelope).toEqual({ from: MAIL.from, to: MAIL.to });
    expect(message?.raw).toContain('\r\n\r\nGrüße\r\n.leading dot\r\n..two dots\r\n\r\nend\r\n');
    expect(message).toMatchObject({ testId: 'one', session: { listener: 587 } });
    expect(message?.size).toBe(Buffer.byteLength(message?.raw ?? ''));
  });

  it('that is too large is refused', async () => {
    const provider = await fresh('strict');
    const { accepted, reply } = await client.send(provider, {
      ...BY_PLAIN,
      body: 'x'.repeat(1000),
    });
    expect({ accepted, reply }).toMatchObject({
      accepted: false,
      reply: expect.stringMatching(/^552 /),
    });
    expect(await provider.messages()).toEqual([]);
  });

  it('from an address that the user does not own is refused', async () => {
    const provider = await fresh('strict');
    expect(await client.send(provider, BY_PLAIN)).toMatchObject({ accepted: true });
    expect(await client.send(provider, { ...BY_PLAIN, from: 'x@own.example' })).toMatchObject({
      accepted: true,
    });
    const refused = await client.send(provider, { ...BY_PLAIN, from: 'his@foo.bar.example' });
    expect(refused.reply).toBe('553 5.7.1 <his@foo.bar.example>: not owned by user hoge');
  });

  it('can be asked for by parts, and cleared', async () => {
    const provider = await fresh('usual');
    const before = await provider.stats();
    await client.send(provider, { ...BY_PLAIN, headers: { 'X-Test-Id': 'a' } });
    await client.send(provider, { ...BY_PLAIN, headers: { 'X-Test-Id': 'b' } });
    expect(await provider.testIds()).toEqual(['a', 'b']);
    await provider.clearMessages();
    expect(await provider.messages()).toEqual([]);
    expect(await provider.stats()).toMatchObject({
      messages: 0,
      lastMessage: before.lastMessage + 2,
      logins: before.logins + 2,
    });
  });
});

describe('a fault', () => {
  let provider: ProviderHandle;
  beforeAll(async () => {
    provider = await fresh('usual');
  });

  const REPLIES: readonly FaultRule[] = [
    { at: 'connect', reply: '554 5.7.1 go away' },
    { at: 'ehlo', reply: '421 4.3.2 not now' },
    { at: 'starttls', reply: '454 4.7.0 TLS is not available' },
    { at: 'auth', reply: '454 4.7.0 the table of users is away' },
    { at: 'mail', reply: '451 4.7.1 try again later' },
    { at: 'rcpt', reply: '450 4.2.1 greylisted' },
    { at: 'data', reply: '451 4.3.0 no room' },
    { at: 'end-of-data', reply: '552 5.2.2 mailbox is full' },
  ];
  it.each(REPLIES)('at $at answers $reply', async (rule) => {
    await provider.setFaults(rule);
    const before = await provider.stats();
    const { accepted, reply } = await client.send(provider, BY_PLAIN);
    expect({ accepted, reply }).toEqual({ accepted: false, reply: rule.reply });
    expect((await provider.stats()).messages).toBe(before.messages);
    await provider.setFaults();
    expect(await client.send(provider, BY_PLAIN)).toMatchObject({ accepted: true });
  });

  const ENDS: readonly FaultRule[] = [
    { at: 'connect', action: 'close' },
    { at: 'connect', action: 'hang' },
    { at: 'ehlo', action: 'vanish' },
    { at: 'starttls', action: 'hang' },
    { at: 'auth', action: 'close' },
    { at: 'mail', action: 'vanish' },
    { at: 'rcpt', action: 'hang' },
    { at: 'data', action: 'close' },
    { at: 'body', action: 'vanish' },
    { at: 'body', action: 'vanish', after_bytes: 100_000 },
    { at: 'end-of-data', action: 'vanish' },
    { at: 'end-of-data', action: 'hang' },
  ];
  it.each(ENDS)('at $at can $action', async (rule) => {
    await provider.setFaults(rule);
    const before = await provider.stats();
    const body = `${'x'.repeat(70)}\n`.repeat(5000);
    // What hangs is given up; all else ends by itself.
    const patience = rule.action === 'hang' ? { timeoutSeconds: 4 } : {};
    const sent = await client.send(provider, { ...BY_PLAIN, body, ...patience });
    expect({ accepted: sent.accepted, reply: sent.reply }).toEqual({ accepted: false, reply: '' });
    expect(await provider.faults()).toEqual([{ ...rule, struck: 1 }]);
    expect((await provider.stats()).messages).toBe(before.messages);
  });

  it('can keep a message that the client was told nothing about', async () => {
    await provider.setFaults({ at: 'end-of-data', action: 'vanish', keep: true });
    const headers = { 'X-Test-Id': 'kept' };
    expect(await client.send(provider, { ...BY_PLAIN, headers })).toMatchObject({
      accepted: false,
    });
    expect(await provider.testIds()).toContain('kept');
  });

  it('can be a delay alone', async () => {
    await provider.setFaults({ at: 'mail', delay_ms: 700 });
    const start = performance.now();
    expect(await client.send(provider, BY_PLAIN)).toMatchObject({ accepted: true });
    expect(performance.now() - start).toBeGreaterThan(700);
  });

  it('stops after the times that were given, and the next rule has its turn', async () => {
    await provider.setFaults(
      { at: 'mail', reply: '451 4.0.0 first', times: 1 },
      { at: 'mail', reply: '451 4.0.0 second', times: 1 },
    );
    const replies = [];
    for (let i = 0; i < 3; i += 1) replies.push((await client.send(provider, BY_PLAIN)).reply);
    expect(replies).toEqual(['451 4.0.0 first', '451 4.0.0 second', expect.stringMatching(/^250/)]);
  });

  it('strikes only the mail that it is meant for', async () => {
    await provider.setFaults({
      at: 'rcpt',
      reply: '550 5.1.1 no such user',
      match: { to: 'x@example.com' },
    });
    expect(await client.send(provider, BY_PLAIN)).toMatchObject({ accepted: true });
    expect(await client.send(provider, { ...BY_PLAIN, to: 'x@example.com' })).toMatchObject({
      accepted: false,
      reply: '550 5.1.1 no such user',
    });
  });

  it('with a mistake in it is refused', async () => {
    const rules = JSON.parse('[{"at": "mial", "reply": "250 ok"}]');
    await expect(provider.setFaults(...rules)).rejects.toThrow(
      'rule 0: at cannot be "mial"\nrule 0: reply cannot be "250 ok"',
    );
  });
});
