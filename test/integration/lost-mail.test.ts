import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { examine } from '../support/examination.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startTalker, type Talker } from '../support/talker.ts';

// Ways in which mail that was taken, or could have been, was lost: one relay, one provider. The
// provider lacks SMTPUTF8 and offers mechanisms that need more than a login and a password.

const CONFIG = `
myhostname: linux.myhome.example
generic:
  "@my_nas.lan": hoge@isp.example
  "@af5be243f321": hoge@isp.example
  "cam@[192.168.1.64]": hoge@isp.example
  "@192.168.1.65": hoge@isp.example
  "cron@linux.myhome.example": hoge@isp.example
virtual:
  root: admin@example.com
`;
/** So that a client that is too slow is so within seconds. */
const TIMEOUT = '4s';
const FRIEND = 'friend@example.com';
/** A name of the provider's that no DNS has. */
const IN_HOSTS = 'smtp.isp.example';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
let talker: Talker;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  talker = stack.use(await startTalker(network));
  provider = stack.use(
    await startIsp(network, {
      names: ['mail.isp.example', IN_HOSTS],
      aliases: ['mail.isp.example'],
      hide: ['SMTPUTF8'],
      mechanisms: ['GSSAPI', 'NTLM', 'LOGIN'],
    }),
  );
  const env = {
    RELAY_CONFIG: CONFIG,
    POSTFIX_smtpd_timeout: TIMEOUT,
    POSTFIX_transport_maps: 'inline:{ elsewhere.example=relay:[mail.isp.example]:587 }',
  };
  relay = stack.use(await startRelay(network, customerOf(provider, { env })));
});
beforeEach(async () => {
  await provider.setFaults();
  await provider.clearMessages();
});
afterAll(() => stack.disposeAsync());

/** Hands a message to sendmail(1) inside the relay, as "docker exec -i relay sendmail" does. */
const sendmail = (text: string, ...words: readonly string[]): Promise<string> =>
  relay.run([
    'sh',
    '-c',
    'printf %s "$1" > /tmp/mail; shift; sendmail "$@" < /tmp/mail',
    'sh',
    text,
    ...words,
  ]);

describe('a header with letters beyond ASCII, for a provider without SMTPUTF8', () => {
  it('goes out as it is, handed in by sendmail(1)', async () => {
    const text = `From: Jürgen <app@isp.example>\nTo: ${FRIEND}\nSubject: Grüße\n\nHällo.\n`;
    await sendmail(text, '-t', '-f', 'app@isp.example');
    const { raw } = await provider.waitForMessage();
    expect(Buffer.from(headerField(raw, 'Subject') ?? '', 'utf8').toString('utf8')).toBe('Grüße');
  });

  it('comes back to its sender when a recipient is refused, in a notice that arrives', async () => {
    await provider.setFaults({
      at: 'rcpt',
      reply: '550 5.1.1 no such user',
      match: { to: FRIEND },
    });
    const text = `From: app@isp.example\nTo: ${FRIEND}\nSubject: Grüße\n\nHällo.\n`;
    await sendmail(text, '-t', '-f', 'app@isp.example');
    const notice = await provider.waitForMessage(({ envelope }) => envelope.from === '');
    expect(notice.envelope.to).toEqual(['app@isp.example']);
  });

  it('goes out as it is, handed in by SMTP', async () => {
    await client.send(relay, {
      from: 'app@isp.example',
      to: FRIEND,
      headers: { Subject: 'Grüße' },
    });
    const { raw } = await provider.waitForMessage();
    expect(headerField(raw, 'Subject')).toBe('Grüße');
  });
});

describe('a client that writes slowly', () => {
  const BEFORE = [
    { hear: 1 },
    { say: 'EHLO job.example\r\n' },
    { hear: 1 },
    { say: 'MAIL FROM:<job@isp.example>\r\n' },
    { hear: 1 },
    { say: `RCPT TO:<${FRIEND}>\r\n` },
    { hear: 1 },
  ];
  const line = (text: string) => ({ say: text, pauseAfterByteMs: 500 });

  it('is heard to the end, as long as it writes', async () => {
    const { replies } = await talker.say(relay, [
      ...BEFORE,
      { say: 'DATA\r\n' },
      { hear: 1 },
      { say: 'Subject: slow\r\n\r\n' },
      line('a line of a job\r\n'),
      { say: '.\r\n' },
      { hear: 1 },
    ]);
    expect(replies.at(-1)).toMatch(/^250 /);
    await provider.waitForMessage(({ raw }) => raw.includes('a line of a job'));
  });

  it('is thrown out when it only sits there, in a command or in a message', async () => {
    const [command, message] = await talker.talk(relay, [
      [{ hear: 1 }, line('EHLO a-name-that-never-ends.example'), { hear: 'end' }],
      [...BEFORE, { say: 'DATA\r\n' }, { hear: 1 }, { hear: 'end' }],
    ]);
    expect(command?.replies.at(-1)).toMatch(/^421 /);
    expect(message?.replies.at(-1)).toMatch(/^421 /);
  });
});

describe("a limit of the provider's, answered as if it were for good", () => {
  it('of recipients: the others wait, and all get the mail, each once', async () => {
    const to = Array.from({ length: 12 }, (_, index) => `r${index}@example.com`);
    const answer = '552 5.5.3 Maximum limit of 10 recipients reached';
    await provider.setFaults(
      ...to
        .slice(10)
        .map((one) => ({ at: 'rcpt', reply: answer, times: 1, match: { to: one } }) as const),
    );
    await client.send(relay, { from: 'app@isp.example', to });
    expect(await relay.waitForDelay('r11@example.com')).toContain(answer);
    await relay.flush();
    const messages = await provider.waitForMessages(2);
    expect(messages.flatMap(({ envelope }) => envelope.to).sort()).toEqual([...to].sort());
    expect(messages.map(({ envelope }) => envelope.from)).not.toContain('');
  });

  it.each([
    ['a session', 'mail', '554 5.7.0 Too many messages in this session'],
    ['a day', 'end-of-data', '550 5.4.5 Daily user sending limit exceeded'],
  ] as const)('of %s: the mail waits', async (_, at, answer) => {
    const to = `${at}@example.com`;
    await provider.setFaults({ at, reply: answer, times: 1 });
    await client.send(relay, { from: 'app@isp.example', to });
    expect(await relay.waitForDelay(to)).toContain(answer);
    await relay.flush();
    await provider.waitForMessage(({ envelope }) => envelope.to.includes(to));
  });

  it('an answer about the recipient stays final', async () => {
    await provider.setFaults({ at: 'rcpt', reply: '552 5.2.2 mailbox full', times: 1 });
    await client.send(relay, { from: 'app@isp.example', to: 'full@example.com' });
    await provider.waitForMessage(({ envelope }) => envelope.from === '');
    expect(await relay.queue()).toEqual([]);
  });
});

describe('mail to a name of the relay itself', () => {
  it.each([
    'nosuchuser@localhost',
    'nosuchuser@LOCALHOST.localdomain',
    'nosuchuser@linux.myhome.example',
    'nosuchuser@localhost.myhome.example',
    'nosuchuser',
    'nosuchuser@[127.0.0.1]',
  ])('is refused when no table redirects it: %s', async (to) => {
    const { accepted, reply } = await client.send(relay, { from: 'app@isp.example', to });
    expect({ accepted, reply }).toEqual({
      accepted: false,
      reply: expect.stringMatching(/^550 5\.1\.1 /),
    });
  });

  it.each(['root', 'root@localhost', 'root@localhost.localdomain', 'root@linux.myhome.example'])(
    'goes where virtual says: %s',
    async (to) => {
      await client.send(relay, { from: 'app@isp.example', to });
      expect((await provider.waitForMessage()).envelope.to).toEqual(['admin@example.com']);
    },
  );

  it('may leave where generic makes a real address of it', async () => {
    await client.send(relay, { from: 'app@isp.example', to: 'cron@linux.myhome.example' });
    expect((await provider.waitForMessage()).envelope.to).toEqual(['hoge@isp.example']);
  });

  it('never leaves, handed in by sendmail(1), and its sender is told', async () => {
    await sendmail('Subject: x\n\nx\n', '-f', 'app@isp.example', 'nosuchuser@localhost');
    const { envelope, raw } = await provider.waitForMessage();
    expect(envelope).toEqual({ from: '', to: ['app@isp.example'] });
    expect(raw).toContain('nosuchuser@localhost');
  });
});

describe('a sender that only a machine could think of', () => {
  it.each(['root@af5be243f321', 'backup@my_nas.lan', 'cam@[192.168.1.64]', 'cam@192.168.1.65'])(
    'is taken and made real: %s',
    async (from) => {
      const headers = { From: `Machine <${from}>` };
      expect(await client.send(relay, { from, to: FRIEND, headers })).toMatchObject({
        accepted: true,
      });
      const { envelope, raw } = await provider.waitForMessage();
      expect(envelope.from).toBe('hoge@isp.example');
      expect(headerField(raw, 'From')).toContain('hoge@isp.example');
    },
  );
});

it("a transport table of the user's may name relay, as Postfix's own documentation does", async () => {
  await client.send(relay, { from: 'app@isp.example', to: 'you@elsewhere.example' });
  await provider.waitForMessage(({ envelope }) => envelope.to.includes('you@elsewhere.example'));
  expect(await relay.logs()).toMatch(/postfix\/relay\/smtp\[.*you@elsewhere\.example.*status=sent/);
});

it('the login is by a mechanism for login and password, and no delivery is warned of', async () => {
  await client.send(relay, { from: 'app@isp.example', to: FRIEND });
  const { session } = await provider.waitForMessage();
  expect(session.auth).toMatchObject({ mechanism: 'LOGIN' });
  expect(await relay.logs()).not.toContain('TLS server role is disabled');
});

it('the provider is found in /etc/hosts while no DNS server answers', async () => {
  const hosts = `127.0.0.1\tlocalhost\n${provider.container.address}\t${IN_HOSTS}\n`;
  const more = { env: { RELAY_HOST: IN_HOSTS }, dns: ['192.0.2.1'], aliases: ['offline'] as const };
  const settings = customerOf(provider, { ...more, files: { '/etc/hosts': hosts } });
  await using offline = await startRelay(network, settings);
  await client.send(offline, { from: 'app@isp.example', to: 'hosts@example.com' });
  await provider.waitForMessage(({ envelope }) => envelope.to.includes('hosts@example.com'));
  const { findings } = await examine(offline);
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'logged-in' }));
});
