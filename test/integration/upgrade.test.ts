import { expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { earlierProgram, PROGRAM } from '../support/earlier.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// An upgrade with mail in the queue: a relay with the program of an earlier commit takes mail that
// has to wait, and today's delivers it from the same volume. Postfix and Debian are today's in both.

it('mail that an earlier relay has taken is delivered by the relay of today', async ({ skip }) => {
  const program = await earlierProgram();
  if (program === undefined) return skip('this clone has no history');
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  await using client = await startClient(network);
  await using spool = await createVolume();
  const today = customerOf(provider, { spool });
  await provider.setFaults({ at: 'mail', reply: '451 4.3.2 try again later' });
  const recipients = ['one@example.com', 'two@example.com'];
  {
    const files = { ...today.files, [PROGRAM]: program };
    await using earlier = await startRelay(network, { ...today, files });
    for (const to of recipients) {
      const sent = await client.send(earlier, { from: 'nas@home.example', to });
      expect(sent).toMatchObject({ accepted: true });
      expect(await earlier.waitForDelay(to)).toContain('451 4.3.2');
    }
    await earlier.stop();
  }
  await provider.setFaults();
  await using relay = await startRelay(network, today);
  await relay.flush();
  const messages = await provider.waitForMessages(recipients.length);
  expect(messages.flatMap(({ envelope }) => envelope.to).sort()).toEqual(recipients);
  await eventually('an empty queue', async () => (await relay.queue()).length === 0);
});
