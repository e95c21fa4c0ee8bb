import { expect, test } from 'vitest';
import { startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';

// Rates slow mail down and lose none.

const MAIL = { from: 'hoge@isp.example', to: 'friend@example.com' };

test('what one client hands in beyond its rate is put off, and what goes out is paced', async () => {
  await using network = await startNetwork();
  await using client = await startClient(network);
  await using other = await startClient(network, 'other');
  await using provider = await startIsp(network);
  const rates = { RELAY_RATE_CLIENT: '3/h', RELAY_RATE_TOTAL: '60/m' };
  await using relay = await startRelay(network, customerOf(provider, { env: rates }));

  for (const body of ['first', 'second', 'third']) {
    expect(await client.send(relay, { ...MAIL, body })).toMatchObject({ accepted: true });
  }
  const refused = await client.send(relay, { ...MAIL, body: 'fourth' });
  expect(refused).toMatchObject({
    accepted: false,
    reply: expect.stringMatching(
      /^450 4\.7\.1 .*takes 3 in 3600 s from one client: RELAY_RATE_CLIENT/,
    ),
  });
  // Another client has a rate of its own.
  expect(await other.send(relay, { ...MAIL, body: 'fifth' })).toMatchObject({ accepted: true });

  const messages = await provider.waitForMessages(4);
  expect(messages).toHaveLength(4);
  const times = messages.map(({ receivedAt }) => Date.parse(receivedAt)).sort((a, b) => a - b);
  // One a second: four take three, of which a busy machine may blur the ends.
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  expect(span).toBeGreaterThan(2000);

  // Mail that waits for its turn is in no trouble, and is told so.
  const slow = { RELAY_RATE_TOTAL: '1/m' };
  await using patient = await startRelay(
    network,
    customerOf(provider, { env: slow, aliases: ['patient'] }),
  );
  for (const body of ['first', 'second']) await client.send(patient, { ...MAIL, body });
  await eventually('a message that waits for its turn', async () =>
    /waiting for its turn, .*: at most 1 in 60 s are sent on \(RELAY_RATE_TOTAL\)/.test(
      (await patient.exec(['hikyaku', 'status'])).stdout,
    ),
  );
});

test('a session with the provider is used again no more often than the user says', async () => {
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  const env = { RELAY_CONNECTIONS: '2', POSTFIX_smtp_connection_reuse_count_limit: '5' };
  await using relay = await startRelay(network, customerOf(provider, { env }));
  const { accepted } = await sendMany(network, relay, { count: 40 });
  expect(accepted).toHaveLength(40);
  await provider.waitForMessages(40);
  const messages = (await provider.sessions()).map((session) => session.messages);
  // The first message, and those for which it is used again.
  expect(Math.max(...messages)).toBeLessThanOrEqual(1 + 5);
  expect(Math.max(...messages)).toBeGreaterThan(1);
});
