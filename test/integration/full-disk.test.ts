import { expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { LOCKED_DOWN, startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';
import { createVolume } from '../support/volume.ts';

const BALLAST = '/var/spool/postfix/ballast';
const TO = 'you@example.com';

it('a queue on a disk that is full turns mail away with 452 and loses none of what it took', async () => {
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  await using client = await startClient(network);
  await using spool = await createVolume({ megabytes: 12 });
  await using relay = await startRelay(
    network,
    customerOf(provider, {
      spool,
      env: { RELAY_MESSAGE_SIZE: '1MB' },
      // Such a disk starts out empty and root's: the first start puts it in order.
      lockedDown: {
        ...LOCKED_DOWN,
        capabilities: [...LOCKED_DOWN.capabilities, 'CHOWN', 'FOWNER'],
      },
    }),
  );

  // The disk fills since the provider does not take anything.
  await provider.setFaults({ at: 'mail', reply: '451 4.3.2 not now' });
  const batch = { count: 60, concurrency: 6, bytes: 700_000 };
  const { accepted, refused, lost } = await sendMany(network, relay, batch);
  expect(lost).toEqual([]);
  expect(accepted.length).toBeGreaterThan(5);
  expect(refused.length).toBeGreaterThan(5);
  expect(refused.at(-1)?.reply).toMatch(/^452 4\.3\.1 .*storage/);
  // Of those who write at the same time, one may find that the others have taken the room.
  expect(refused.filter(({ reply }) => !/^45[12] 4\.3\.[01] /.test(reply))).toEqual([]);

  // Not one byte is left: nothing can be written down any more about mail that waits.
  const fill = `head -c 20000000 /dev/zero > ${BALLAST}`;
  expect((await relay.exec(['sh', '-c', fill])).exitCode).not.toBe(0);
  const mail = { from: 'late@home.example', to: TO };
  expect((await client.send(relay, mail)).reply).toMatch(/^452 4\.3\.1 /);
  // It takes nothing in, and lives: whoever ends it now ends what could hand on the mail.
  expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({ exitCode: 0 });
  expect(await relay.exec(['hikyaku', 'health', '--ready'])).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('452 4.3.1 Insufficient system storage'),
  });
  const before = (await provider.stats()).sessions;
  await relay.flush();
  await eventually('another try', async () => (await provider.stats()).sessions > before);

  // Somebody makes room, and the provider is back.
  await relay.run(['rm', BALLAST]);
  await provider.setFaults();
  await eventually(
    'all that was accepted',
    async () => {
      await relay.flush();
      return (await provider.stats()).messages >= accepted.length;
    },
    { everyMs: 1000 },
  );
  await eventually('an empty queue', async () => (await relay.queue()).length === 0);
  expect((await provider.testIds()).sort()).toEqual([...accepted].sort());
  expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  await provider.waitForMessage(({ envelope }) => envelope.from === mail.from);
});
