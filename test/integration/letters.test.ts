import { afterAll, beforeAll, expect, it } from 'vitest';
import { customerOf, startIsp } from '../support/customer.ts';
import { startDns } from '../support/dns.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Dialogue, startTalker, type Talker } from '../support/talker.ts';

// Letters beyond ASCII, in headers and in addresses (SMTPUTF8, RFC 6531).

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let talker: Talker;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  talker = stack.use(await startTalker(network));
});
afterAll(() => stack.disposeAsync());

const HELLO: Dialogue = [{ hear: 1 }, { say: 'EHLO app.home.example\r\n' }, { hear: 1 }];
const QUIT: Dialogue = [{ say: 'QUIT\r\n' }, { hear: 'end' }];

/** The talker says a byte for each letter. */
const inBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** Hands a mail in as programs do that ask for SMTPUTF8 wherever it is offered. */
async function handIn(relay: Relay, to: string): Promise<void> {
  const { replies } = await talker.say(relay, [...HELLO, ...QUIT]);
  const option = replies.some((reply) => /^250[- ]SMTPUTF8$/m.test(reply)) ? ' SMTPUTF8' : '';
  const header = `From: Jörg <app@home.example>\r\nTo: ${to}\r\nSubject: Grüße aus 京都\r\n`;
  const handedIn = await talker.say(relay, [
    ...HELLO,
    { say: `MAIL FROM:<app@home.example>${option}\r\n` },
    { hear: 1 },
    { say: inBytes(`RCPT TO:<${to}>\r\n`) },
    { hear: 1 },
    { say: 'DATA\r\n' },
    { hear: 1 },
    { say: inBytes(`${header}\r\nGrüße\r\n.\r\n`) },
    { hear: 1 },
    ...QUIT,
  ]);
  expect(handedIn.replies.at(-2)).toMatch(/^250 /);
}

it.each([
  ['which takes them', []],
  ['which lacks SMTPUTF8', ['SMTPUTF8', '8BITMIME']],
])('a header with such letters reaches a provider %s, as it was', async (_which, hide) => {
  await using provider = await startIsp(network, { hide });
  await using relay = await startRelay(network, customerOf(provider));
  await handIn(relay, 'you@example.com');
  const { envelope, raw } = await provider.waitForMessage();
  expect(envelope).toEqual({ from: 'app@home.example', to: ['you@example.com'] });
  expect(raw).toContain('From: Jörg <app@home.example>\r\n');
  expect(raw).toContain('Subject: Grüße aus 京都\r\n');
  expect(raw).toContain('\r\n\r\nGrüße\r\n');
});

it('an address with such letters can be mailed to where the user has SMTPUTF8 offered', async () => {
  await using provider = await startIsp(network);
  const env = { POSTFIX_smtpd_discard_ehlo_keywords: 'silent-discard' };
  await using relay = await startRelay(network, customerOf(provider, { env }));
  await handIn(relay, 'jürgen@example.com');
  const { envelope, session } = await provider.waitForMessage();
  expect(envelope.to).toEqual(['jürgen@example.com']);
  const commands = (await provider.sessions()).find(({ id }) => id === session.id)?.commands;
  expect(commands?.find((command) => command.startsWith('MAIL'))).toContain(' SMTPUTF8');
});

it('a domain with such letters is found by its name in DNS, written large or small (UTS 46)', async () => {
  await using mx = await startProvider(network, { names: ['mx.example.com'], aliases: ['mx'] });
  await using dns = await startDns(network, {
    mx: { 'xn--bcher-kva.example': [{ host: 'mx.example.com', preference: 10 }] },
    a: { 'mx.example.com': mx.container.address },
  });
  const env = { POSTFIX_smtpd_discard_ehlo_keywords: 'silent-discard' };
  await using relay = await startRelay(network, { env, dns: [dns.address] });
  await handIn(relay, 'jürgen@BÜcher.example');
  // The provider takes no such domain; that it was asked shows that the domain was found.
  await eventually('the recipient', async () =>
    (await mx.sessions()).some(({ commands }) =>
      commands.some((command) => command.startsWith('RCPT TO:<jürgen@BÜcher.example>')),
    ),
  );
});
