import { expect, test } from 'vitest';
import { customerOf, LOGIN } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';
import { type Dialogue, startTalker } from '../support/talker.ts';

// A device that is set up for another kind of server never gets as far as a message, and what
// Postfix logs of it is no refusal: status says all the same which device it is, and what to set.

interface Refused {
  readonly trouble: { readonly kind: string; readonly command?: string };
  readonly count: number;
}

const say = (text: string) => ({ say: text });
const hear = (replies: number | 'end') => ({ hear: replies });
const hello: Dialogue = [hear(1), say('EHLO nas\r\n'), hear(1)];
const bye: Dialogue = [say('QUIT\r\n'), hear('end')];
const message: Dialogue = ['MAIL FROM:<a@x.example>', 'RCPT TO:<b@x.example>', 'DATA'].flatMap(
  (line) => [say(`${line}\r\n`), hear(1)],
);
const large = `${'x'.repeat(900)}\r\n`.repeat(1_500);

test('a client that is set up for another kind of server is told of by status', async () => {
  await using network = await startNetwork();
  await using provider = await startProvider(network, {
    names: ['mail.isp.example'],
    users: { [LOGIN.username]: LOGIN.password },
  });
  await using talker = await startTalker(network);
  const env = { RELAY_MESSAGE_SIZE: '1MB' };
  await using relay = await startRelay(network, customerOf(provider, { env }));
  const dialogues: readonly Dialogue[] = [
    [...hello, say('AUTH PLAIN AGhvZ2UAYS1zZWNyZXQ=\r\n'), hear(1), ...bye],
    [...hello, say('STARTTLS\r\n'), hear(1), ...bye],
    // Most programs that insist on a login or on encryption leave when they see neither.
    [...hello, ...bye],
    // Devices whose addresses or options Postfix refuses without a "reject" line.
    [...hello, say('MAIL FROM:"My NAS" <a@x.example>\r\n'), hear(1), ...bye],
    [...hello, say('MAIL FROM:<a@x.example> BODY=BINARYMIME\r\n'), hear(1), ...bye],
    [
      ...hello,
      say('MAIL FROM:<a@x.example>\r\n'),
      hear(1),
      say('RCPT TO:<b@x.example>, <c@x.example>\r\n'),
      hear(1),
      ...bye,
    ],
    [say('\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n'), hear('end')],
    [say('HELO nas\r\nMAIL FROM:<a@x.example>\r\n'), hear('end')],
    [...hello, ...message, say('Subject: half a message\n\nhello\n.\n')],
    [...hello, ...message, say(`${large}.\r\n`), hear(1), ...bye],
  ];
  await talker.talk(relay, dialogues);
  await relay.waitForLog(/file size limit exceeded/);
  await relay.waitForLog(/lost connection after DATA/);
  const log = await relay.logs();
  const status = ['sh', '-c', 'printf %s "$1" | hikyaku status --json', 'sh', log];
  const { stdout } = await relay.exec(status);
  const client = talker.container.address;
  const { refused } = JSON.parse(stdout).log;
  const shown = refused.map(({ trouble: { kind, command }, count }: Refused) =>
    [kind, command, count].filter((one) => one !== undefined).join(' '),
  );
  expect(shown.sort()).toEqual([
    'client-gone 1',
    'client-hasty 1',
    'client-tls-first 1',
    'command-refused MAIL 2',
    'command-refused RCPT 1',
    'left-after-ehlo 1',
    'login-not-offered 1',
    'message-too-large 1',
    'starttls-not-offered 1',
  ]);
  for (const one of refused) expect(one.client).toBe(client);
  expect(stdout).not.toContain('AGhvZ2UAYS1zZWNyZXQ');
});
