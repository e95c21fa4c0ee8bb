import { expect, test } from 'vitest';
import { customerOf, LOGIN } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';
import { type Dialogue, startTalker } from '../support/talker.ts';

// A device that is set up for another kind of server never gets as far as a message, and what
// Postfix logs of it is no refusal: status says all the same which device it is, and what to set.

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
  const refused = (
    [
      ['503 5.5.1 Error: authentication not enabled', 'switch the login off at the client'],
      ['502 5.5.1 Error: command not implemented: STARTTLS', 'switch encryption off at the client'],
      ['the client begins with TLS at once, and was hung up on', 'set the client to no encryption'],
      ['554 5.5.0 Error: SMTP protocol synchronization', 'the client says more before'],
      ['the client went away, or fell silent, in the middle of the message', 'in LF alone'],
      ['552 5.3.4 Error: message file too big', 'RELAY_MESSAGE_SIZE'],
    ] as const
  ).map(([reply, remedy]) => ({
    client,
    count: 1,
    reply,
    remedy: expect.stringContaining(remedy),
  }));
  expect(JSON.parse(stdout).log.refused).toHaveLength(refused.length);
  expect(JSON.parse(stdout).log.refused).toEqual(
    expect.arrayContaining(refused.map((one) => expect.objectContaining(one))),
  );
  expect(stdout).not.toContain('AGhvZ2UAYS1zZWNyZXQ');
});
