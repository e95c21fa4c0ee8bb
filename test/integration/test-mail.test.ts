import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForMail } from '../support/mailbox.ts';
import { startNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// `hikyaku test ADDRESS`: a real mail, followed until its fate is known.

const stack = new AsyncDisposableStack();
let provider: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  provider = stack.use(
    await startProvider(network, {
      names: ['mail.isp.example'],
      users: { 'hoge@isp.example': 'piyopiyo' },
      senders: { 'hoge@isp.example': ['hoge@isp.example', 'slow@isp.example'] },
    }),
  );
  await provider.setFaults({
    at: 'end-of-data',
    delay_ms: 3_000,
    match: { from: 'slow@isp.example' },
  });
  const login = {
    host: 'mail.isp.example',
    username: 'hoge@isp.example',
    password: 'piyopiyo',
    ca_file: '/ca.pem',
  };
  const config = {
    relay: login,
    accounts: [
      { ...login, sender: 'mistaken@isp.example', password: 'a-wrong-one' },
      { ...login, sender: 'lost@isp.example', host: 'nowhere.isp.example' },
    ],
    myorigin: 'home.example',
    local: { domains: ['home.example'], mailboxes: ['me'] },
    virtual: {
      'me@isp.example': 'me',
      root: 'me',
      postmaster: 'you@example.com',
      'family@home.example': ['me', 'you@example.com'],
    },
    allowed_recipients: ['@example.com', 'me@isp.example'],
  };
  const env = { RELAY_CONFIG: JSON.stringify(config) };
  const settings = { env, files: { '/ca.pem': provider.caPem }, lockedDown: false } as const;
  relay = stack.use(await startRelay(network, settings));
});
afterAll(() => stack.disposeAsync());

const test = (...words: readonly string[]) => relay.exec(['hikyaku', 'test', ...words]);

describe('a test mail', () => {
  it("goes through the relay as a client's would, and is told to be delivered", async () => {
    const { output, exitCode } = await test('you@example.com');
    expect(output).toMatch(/^from hoge@isp\.example to you@example\.com, .* 25\n.*\ndelivered/);
    expect(exitCode).toBe(0);
    const message = await provider.waitForMessage();
    expect(message.envelope).toEqual({ from: 'hoge@isp.example', to: ['you@example.com'] });
  });

  it('is followed as long as the provider takes', async () => {
    const { output, exitCode } = await test('you@example.com', '--from', 'slow@isp.example');
    expect(output).toContain('\ndelivered: ');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['of a local domain', 'me@home.example', 'me@home.example'],
    ['that is redirected to a mailbox here', 'me@isp.example', 'me@isp.example'],
    ['with an extension', 'me+news@home.example', 'me+news@home.example'],
    ['that is a bare name, as an alias has it', 'root', 'root@home.example'],
  ])('for an address %s is told into which mailbox it went', async (_, word, address) => {
    const { output, exitCode } = await test(word);
    expect(output).toMatch(/ to \S+, .* 25\n.*\ndelivered .*\/var\/mail\/me\b.*\n$/);
    expect(output).toContain(` to ${address}, `);
    expect(exitCode).toBe(0);
    await waitForMail(relay, 'me', `To: ${address}`);
  });

  it('for an alias of a mailbox and of somebody elsewhere is told to be at both', async () => {
    const { stdout, exitCode } = await test('family', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      fate: 'delivered',
      mailboxes: ['/var/mail/me'],
    });
    expect(exitCode).toBe(0);
  });

  it('for a bare name with an alias elsewhere goes there', async () => {
    await provider.clearMessages();
    const { output } = await test('postmaster', '--from', 'slow@isp.example');
    expect(output).toContain(' to postmaster@home.example, ');
    expect(output).toContain('\ndelivered');
    const { envelope } = await provider.waitForMessage();
    expect(envelope.to).toEqual(['you@example.com']);
  });

  it('that waits is told to wait, with the reason and the setting to change', async () => {
    const words = ['you@example.com', '--from', 'mistaken@isp.example', '--json'];
    const { stdout, exitCode } = await test(...words);
    expect(JSON.parse(stdout)).toMatchObject({
      fate: 'deferred',
      trouble: { kind: 'password' },
      remedy: expect.stringContaining('accounts[0].password'),
      reason: expect.stringContaining('SASL authentication failed'),
    });
    expect(exitCode).toBe(1);
  });

  it('that comes back is never taken for delivered, however fast it does', async () => {
    for (let time = 0; time < 5; time += 1) {
      const { stdout, exitCode } = await test(
        'you@example.com',
        '--from',
        'stranger@isp.example',
        '--json',
      );
      expect(JSON.parse(stdout)).toMatchObject({
        ok: false,
        fate: 'bounced',
        trouble: { kind: 'sender' },
        reason: expect.stringContaining('you@example.com: host mail.isp.example'),
        remedy: expect.stringContaining('generic: {"stranger@isp.example": hoge@isp.example}'),
      });
      expect(exitCode).toBe(1);
    }
  });

  it('that this relay itself does not take is told so', async () => {
    const { stdout, exitCode } = await test('you@elsewhere.example', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('allowed_recipients'),
    });
    expect(exitCode).toBe(1);
  });

  it('leaves nothing behind in the bounce queue', async () => {
    expect(await relay.run(['ls', '/var/spool/postfix/bounce'])).toBe('');
  });

  it('needs an address', async () => {
    for (const words of [[], ['@example.com'], ['you@example.com', '--from', '<me>']]) {
      expect((await test(...words)).exitCode).toBe(64);
    }
  });
});
