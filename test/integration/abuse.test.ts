import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sender, startSender } from '../support/sender.ts';
import { type Dialogue, startTalker, type Talker } from '../support/talker.ts';

// Clients that may send and do not behave: broken software on the network, or a web application
// that lets its visitors put what they like into a message.

const LIMIT = 1_000_000;

const stack = new AsyncDisposableStack();
let provider: ProviderHandle;
let relay: Relay;
let client: Client;
let talker: Talker;
/** Somebody who behaves, all the time. */
let neighbour: Sender;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  client = stack.use(await startClient(network));
  talker = stack.use(await startTalker(network));
  relay = stack.use(
    await startRelay(network, customerOf(provider, { env: { RELAY_MESSAGE_SIZE: `${LIMIT}` } })),
  );
  neighbour = stack.use(
    await startSender(network, relay, {
      count: 400,
      concurrency: 1,
      from: 'neighbour@home.example',
    }),
  );
});
afterAll(() => stack.disposeAsync());

const TO = 'you@example.com';
const HELLO: Dialogue = [{ hear: 1 }, { say: 'EHLO app.home.example\r\n' }, { hear: 1 }];
const QUIT: Dialogue = [{ say: 'QUIT\r\n' }, { hear: 'end' }];
const HEAD = `From: app@home.example\r\nTo: ${TO}\r\nSubject: A test\r\n`;
const DOT = '\r\n.\r\n';

/** A message: everything after DATA is the caller's, the end too. */
const message = (from: string, text: string): Dialogue => [
  ...HELLO,
  { say: `MAIL FROM:<${from}>\r\n` },
  { say: `RCPT TO:<${TO}>\r\n` },
  { say: 'DATA\r\n' },
  { hear: 3 },
  { say: text },
];

/** What has come from these senders once a mail that was handed in after theirs has arrived. */
async function arrived(...senders: readonly string[]) {
  const last = `after-${senders[0]}`;
  expect(await client.send(relay, { from: last, to: TO })).toMatchObject({ accepted: true });
  await provider.waitForMessage(({ envelope }) => envelope.from === last);
  await eventually('an empty queue', async () =>
    (await relay.queue()).every(({ sender }) => !senders.includes(sender)),
  );
  return (await provider.messages()).filter(({ envelope }) => senders.includes(envelope.from));
}

describe('a message that is too large', () => {
  it('is refused at once when its size is announced', async () => {
    const from = 'announced@home.example';
    const { replies } = await talker.say(relay, [
      ...HELLO,
      { say: `MAIL FROM:<${from}> SIZE=${LIMIT + 1}\r\n` },
      { hear: 1 },
      ...QUIT,
    ]);
    expect(replies.at(-2)).toMatch(/^552 5\.3\.4 /);
    expect(await arrived(from)).toEqual([]);
  });

  it('is refused in the end when its size is not announced, and nothing of it is kept', async () => {
    const from = 'unannounced@home.example';
    const line = `${'x'.repeat(998)}\r\n`;
    const text = `${HEAD}\r\n${line.repeat(LIMIT / 1000 + 1)}.\r\n`;
    const { replies } = await talker.say(relay, [...message(from, text), { hear: 1 }, ...QUIT]);
    expect(replies.at(-2)).toMatch(/^552 5\.3\.4 /);
    expect(await arrived(from)).toEqual([]);
  });
});

describe('a second message smuggled into the first', () => {
  const ENDS = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r\n.\r', '\r.\r\n', '\r\n\0.\r\n'];
  it.each(ENDS.map((end, index) => [JSON.stringify(end), end, index] as const))(
    'behind %s stays text of the first',
    async (_name, end, index) => {
      const [outer, inner] = [`outer-${index}@home.example`, `inner-${index}@home.example`];
      const text = `${HEAD}\r\nInner\r\n`;
      // BDAT, unlike DATA, does not make a server look whether the client has waited.
      const chunk = `BDAT ${text.length} LAST\r\n${text}`;
      const smuggled = `MAIL FROM:<${inner}>\r\nRCPT TO:<${TO}>\r\n${chunk}`;
      const { replies } = await talker.say(relay, [
        ...message(outer, `${HEAD}\r\nOuter${end}${smuggled}${DOT}`),
        { hear: 1 },
        ...QUIT,
      ]);
      expect(replies.slice(5)).toEqual([expect.stringMatching(/^250 /), '221 2.0.0 Bye']);
      const messages = await arrived(outer, inner);
      expect(messages.map(({ envelope }) => envelope.from)).toEqual([outer]);
      // Nor is it passed on to a provider that would take such an end for one.
      const raw = messages[0]?.raw ?? '';
      expect(raw).toContain('Inner\r\n');
      expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    },
  );
});

describe('a client that', () => {
  const early = (from: string) =>
    `MAIL FROM:<${from}>\r\nRCPT TO:<${TO}>\r\nDATA\r\n${HEAD}\r\nEarly${DOT}`;

  const CASES: readonly (readonly [string, Dialogue, RegExp])[] = [
    [
      'talks before it is greeted',
      [{ say: `EHLO app.home.example\r\n${early('rude@home.example')}` }],
      /^554 5\.5\.0 .*synchronization/,
    ],
    [
      'sends the message before it is asked to',
      [...HELLO, { say: early('rude@home.example') }],
      /^554 5\.5\.0 .*synchronization/,
    ],
    [
      'is a web browser',
      [{ hear: 1 }, { say: `POST / HTTP/1.1\r\nHost: relay\r\n\r\n${early('rude@home.example')}` }],
      /^221 2\.7\.0 /,
    ],
    [
      'says commands that there are none',
      [...HELLO, { say: 'HALP\r\n'.repeat(200) }],
      /^421 4\.7\.0 .*too many errors/,
    ],
    [
      'resets all the time',
      [...HELLO, { say: 'RSET\r\n'.repeat(200) }],
      /^421 4\.7\.0 .*too many errors/,
    ],
    [
      'says a line of 100 kB',
      [...HELLO, { say: `${'x'.repeat(100_000)}\r\n` }],
      /^421 4\.7\.0 .*too many errors/,
    ],
    [
      'tries many recipients that cannot be',
      [
        ...HELLO,
        { say: 'MAIL FROM:<rude@home.example>\r\n' },
        {
          say: Array.from({ length: 200 }, (_, i) => `RCPT TO:<${i}@@home..example>\r\n`).join(''),
        },
      ],
      /^421 4\.7\.0 .*too many errors/,
    ],
  ];

  // All at once: some have to wait, since every error costs a client a second.
  it('does what no client should is told so, and the connection ends', async () => {
    const results = await talker.talk(
      relay,
      CASES.map(([, dialogue]) => [...dialogue, { hear: 'end' }]),
    );
    expect(
      results.map(({ index, outcome, replies }) => [CASES[index]?.[0], outcome, replies.at(-1)]),
    ).toEqual(CASES.map(([name, , reply]) => [name, 'ended', expect.stringMatching(reply)]));
    expect(await arrived('rude@home.example')).toEqual([]);
  });

  it('puts a NUL into an address is refused', async () => {
    const { replies } = await talker.say(relay, [
      ...HELLO,
      { say: 'MAIL FROM:<a\0b@home.example>\r\n' },
      { hear: 1 },
      ...QUIT,
    ]);
    expect(replies.at(-2)).toMatch(/^501 5\.1\.7 /);
  });

  it('names more recipients than a message may have is told to come back for the rest', async () => {
    const from = 'everybody@home.example';
    const recipients = Array.from({ length: 1100 }, (_, i) => `user${i}@example.com`);
    const { replies } = await talker.say(relay, [
      ...HELLO,
      { say: `MAIL FROM:<${from}>\r\n` },
      { say: recipients.map((to) => `RCPT TO:<${to}>\r\n`).join('') },
      { hear: 1 + recipients.length },
      { say: 'DATA\r\n' },
      { hear: 1 },
      { say: `${HEAD}\r\nHello${DOT}` },
      { hear: 1 },
      ...QUIT,
    ]);
    const answers = replies.slice(3, 3 + recipients.length);
    const taken = recipients.filter((_, i) => answers[i]?.startsWith('250 '));
    expect(taken).toHaveLength(1000);
    expect(answers.slice(1000).every((answer) => answer.startsWith('452 4.5.3 '))).toBe(true);
    const messages = await arrived(from);
    expect(messages.flatMap(({ envelope }) => envelope.to).sort()).toEqual(taken.sort());
  });
});

it('a message of endless lines, endless headers and NUL bytes arrives in lines that SMTP allows', async () => {
  const from = 'endless@home.example';
  const many = 20_000;
  const header = `${HEAD}X-Long: ${'x'.repeat(200_000)}\r\n${'X-Many: y\r\n'.repeat(many)}`;
  const { replies } = await talker.say(relay, [
    ...message(from, `${header}\r\n${'b'.repeat(100_000)}\0end${DOT}`),
    { hear: 1 },
    ...QUIT,
  ]);
  expect(replies.at(-2)).toMatch(/^250 /);
  const [{ raw } = { raw: '' }] = await arrived(from);
  const lines = raw.split('\r\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
  expect(lines.filter((line) => line === 'X-Many: y')).toHaveLength(many);
  expect(raw.match(/b/g)?.length).toBeGreaterThanOrEqual(100_000);
  expect(raw).toContain('end');
});

it('mail of others that was accepted meanwhile has arrived, each once', async () => {
  const { accepted, refused, lost } = await neighbour.finished();
  expect([refused, lost]).toEqual([[], []]);
  const ids = await eventually("the neighbour's mail", async () => {
    const seen = await provider.testIds();
    return seen.length >= accepted.length && seen;
  });
  expect(ids.sort()).toEqual([...accepted].sort());
  expect(await relay.logs()).not.toMatch(/fatal:|panic:|killed by signal/);
});
