import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { Gate, isOwnHost } from '../../../../../entrypoint/companion/page/gate.ts';
import { languageOf } from '../../../../../entrypoint/companion/page/words.ts';
import { hashPassword } from '../../../../../entrypoint/inputs/listener-pair.ts';

const OPEN = {
  clients: { allowed: ['172.18.0.0/16', 'fd00::/64'], refused: ['172.18.0.1', '172.18.9.0/24'] },
  username: 'admin',
  password: undefined,
  myhostname: 'relay.myhome.net',
};

const CLOSED = {
  ...OPEN,
  password: hashPassword('page:admin', 'open sesame'),
};

interface Asking {
  readonly from?: string;
  readonly host?: string;
  readonly method?: string;
  readonly login?: string;
}

const asking = ({ from = '172.18.0.5', host = 'relay', method = 'GET', login }: Asking) =>
  ({
    method,
    socket: { remoteAddress: from },
    headers: {
      host,
      ...(login && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    },
  }) as unknown as IncomingMessage;

const statusOf = async (gate: Gate, one: Asking = {}): Promise<number> =>
  (await gate.refusal(asking(one)))?.status ?? 200;

it.each([
  [{}, 200],
  [{ from: '::ffff:172.18.0.5' }, 200],
  [{ from: 'fd00::7' }, 200],
  [{ from: '172.18.0.1' }, 403],
  [{ from: '::ffff:172.18.9.3' }, 403],
  [{ from: '192.0.2.7' }, 403],
  [{ from: '2001:db8::1' }, 403],
  [{ host: 'evil.com' }, 421],
  [{ host: '' }, 421],
  [{ method: 'POST' }, 405],
])('without a password, %j gets %i', async (one, status) => {
  expect(await statusOf(new Gate(OPEN), one)).toBe(status);
});

it.each([
  ['172.18.0.3:8080', true],
  ['[fd00::1]:8080', true],
  ['localhost:8080', true],
  ['relay', true],
  ['nas.local', true],
  ['RELAY.myhome.net.', true],
  ['relay.myhome.net.evil.com', false],
  ['172.18.0.3.evil.com', false],
  ['local.evil.com:80', false],
  ['user@relay', false],
  [undefined, false],
])('the host %j is its own: %s', (host, own) => {
  expect(isOwnHost(host, 'relay.myhome.net')).toBe(own);
});

it('with a password it takes that one, from anywhere, and asks for it', async () => {
  const gate = new Gate(CLOSED);
  const stranger = { from: '192.0.2.7', host: 'mail.example.com' };
  const refused = await gate.refusal(asking(stranger));
  expect(refused).toMatchObject({ status: 401 });
  expect(refused?.headers['www-authenticate']).toContain('Basic');
  expect(await statusOf(gate, { ...stranger, login: 'admin:open sesame' })).toBe(200);
  expect(await statusOf(gate, { ...stranger, login: 'root:open sesame' })).toBe(401);
});

it('an address that guesses waits longer and longer, and nobody else does', async () => {
  let now = 0;
  const gate = new Gate(CLOSED, () => now);
  const wrong = { from: '192.0.2.7', login: 'admin:guess' };
  const right = { from: '192.0.2.7', login: 'admin:open sesame' };
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await statusOf(gate, wrong)).toBe(401);
  expect(await statusOf(gate, right)).toBe(429);
  expect(await statusOf(gate, { ...right, from: '192.0.2.8' })).toBe(200);
  now += 1_001;
  expect(await statusOf(gate, wrong)).toBe(401);
  now += 1_001;
  expect(await statusOf(gate, right)).toBe(429);
  now += 1_000;
  expect(await statusOf(gate, right)).toBe(200);
  expect(await statusOf(gate, wrong)).toBe(401);
});

it('takes all addresses of a network of IPv6 for one guesser', async () => {
  const gate = new Gate(CLOSED, () => 0);
  for (const end of ['1', '2', '3']) {
    await statusOf(gate, { from: `2001:db8::${end}`, login: 'admin:guess' });
  }
  expect(await statusOf(gate, { from: '2001:db8::4', login: 'admin:open sesame' })).toBe(429);
});

it.each([
  [null, 'ja,en;q=0.8', 'ja'],
  [null, 'en-US,en;q=0.9,ja;q=0.1', 'en'],
  [null, 'de, ja;q=0.5', 'ja'],
  [null, undefined, 'en'],
  ['en', 'ja', 'en'],
  ['xx', 'ja', 'ja'],
])('the language of ?lang=%s and %j is %s', (asked, accepted, language) => {
  expect(languageOf(asked, accepted)).toBe(language);
});
