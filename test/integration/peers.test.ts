import { expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { startNetwork } from '../support/network.ts';
import { startPeer } from '../support/peer.ts';

// The peers are providers of other people's software; here with a client of other people's.

const USERS = { hoge: 'pi yo"$\'', 'user@example.com': 'x' };
const MAIL = { from: 'hoge@foo.bar.example', to: ['a@example.com', 'b@example.com'] };

it.each(['postfix', 'exim'] as const)('%s takes mail after a login alone', async (software) => {
  await using network = await startNetwork();
  await using peer = await startPeer(network, {
    software,
    names: ['mail.peer.example'],
    users: USERS,
  });
  await using client = await startClient(network);

  const unknown = await client.send(peer, { ...MAIL, port: 587, tls: 'starttls' });
  expect(unknown).toMatchObject({ accepted: false, reply: expect.stringMatching(/^55\d /) });
  const wrong = { username: 'hoge', password: 'wrong', mechanism: 'PLAIN' };
  const refused = await client.send(peer, { ...MAIL, port: 465, tls: 'tls', login: wrong });
  expect(refused).toMatchObject({ accepted: false, reply: expect.stringMatching(/^535 /) });

  for (const mechanism of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
    const login = { username: 'hoge', password: USERS.hoge, mechanism };
    const sent = await client.send(peer, { ...MAIL, port: 587, tls: 'starttls', login });
    expect(sent).toMatchObject({ accepted: true });
  }
  const login = { username: 'user@example.com', password: 'x', mechanism: 'PLAIN' };
  await client.send(peer, { ...MAIL, from: '', port: 465, tls: 'tls', login });

  const messages = await peer.waitForMessages(8);
  const facts = messages.map(({ mechanism, username, to }) => `${mechanism} ${username} ${to}`);
  const hoge = software === 'postfix' ? 'hoge@mail.peer.example' : 'hoge';
  expect(facts.sort()).toEqual([
    ...[`CRAM-MD5 ${hoge} a@example.com`, `CRAM-MD5 ${hoge} b@example.com`],
    ...[`LOGIN ${hoge} a@example.com`, `LOGIN ${hoge} b@example.com`],
    ...[`PLAIN ${hoge} a@example.com`, `PLAIN ${hoge} b@example.com`],
    'PLAIN user@example.com a@example.com',
    'PLAIN user@example.com b@example.com',
  ]);
  expect(messages[0]?.raw).toMatch(/^Received: [\s\S]*TLS[\s\S]*\n\nHello\.\n/);
});
