import { expect, it } from 'vitest';
import { logIn } from '../../../entrypoint/probe/login.ts';
import { serversOf } from '../../../entrypoint/probe/servers.ts';
import { settingsBy } from '../entrypoint/support/judge.ts';
import { converse } from './conversation.ts';

const [SERVER] = serversOf(
  settingsBy('relay: {host: mail.isp.example, username: hoge, password: piyopiyo}'),
);

it('a server that asks on and on is told to have an odd way of logging in', async () => {
  using conversation = await converse(
    (socket) => socket.on('data', () => socket.write('334 \r\n')),
    { silenceMs: 2_000, wholeMs: 10_000 },
  );
  if (SERVER === undefined) throw new Error('there is no relay host');
  expect(await logIn(conversation.session, SERVER, ['PLAIN'])).toMatchObject({
    in: false,
    findings: [
      { state: 'ok' },
      {
        state: 'wrong',
        words: expect.stringMatching(/came to no end: .*: 334$/),
        remedy: expect.stringMatching(/set RELAY_MECHANISMS to another one that it offers/),
      },
    ],
  });
});
