import { once } from 'node:events';
import { expect, it } from 'vitest';
import { HungUp, NoAnswer } from '../../../../entrypoint/probe/smtp-session.ts';
import { converse } from './conversation.ts';

const PATIENCE = { silenceMs: 400, wholeMs: 600_000 };

it('a server that has begun to greet is waited for, as Postfix does', async () => {
  using conversation = await converse((socket) => {
    socket.write('220-one moment\r\n');
    setTimeout(() => socket.write('220 mail.isp.example\r\n'), 3 * PATIENCE.silenceMs);
  }, PATIENCE);
  expect(await conversation.session.reply()).toEqual({
    code: 220,
    lines: ['one moment', 'mail.isp.example'],
  });
});

it('each answer may take its time, if it is not silence', async () => {
  const patience = { ...PATIENCE, silenceMs: 2_000 };
  using conversation = await converse((socket) => {
    socket.on('data', () => setTimeout(() => socket.write('250 ok\r\n'), patience.silenceMs / 5));
  }, patience);
  for (const line of ['EHLO a', 'MAIL FROM:<>', 'RSET', 'RSET', 'RSET', 'RSET']) {
    expect(await conversation.session.say(line)).toMatchObject({ code: 250 });
  }
});

it('a connection that was over before is told to be', async () => {
  using conversation = await converse((socket) => socket.end('220 mail.isp.example\r\n'), PATIENCE);
  const closed = once(conversation.client, 'close');
  expect(await conversation.session.reply()).toMatchObject({ code: 220 });
  await closed;
  await expect(conversation.session.say('EHLO a')).rejects.toThrow(HungUp);
});

it('silence comes to an end', async () => {
  using conversation = await converse(() => undefined, PATIENCE);
  await expect(conversation.session.reply()).rejects.toThrow(NoAnswer);
});

it('a greeting that never ends comes to an end', async () => {
  const patience = { silenceMs: 100, wholeMs: 600 };
  using conversation = await converse((socket) => socket.write('220-one moment\r\n'), patience);
  await expect(conversation.session.reply()).rejects.toThrow(NoAnswer);
});
