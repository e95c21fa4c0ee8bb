import { expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { startContainer } from '../support/container.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';

// A power cut loses what the kernel has not yet written to the disk. It cannot be played here; what
// Postfix asks of the kernel can be watched: the whole message is on the disk (fsync(2)) before the
// client is told that it was accepted.

it('a message is synced to the disk before its client is told that it was accepted', async () => {
  await using network = await startNetwork();
  await using relay = await startRelay(network);
  await using client = await startClient(network);
  await using observer = await startContainer({
    image: IMAGES.client,
    network,
    aliases: ['observer'],
    entrypoint: ['sleep', 'infinity'],
    observes: relay,
  });
  const calls = 'trace=openat,fsync,fdatasync,rename,write,sendto';
  const watch = `strace -f -y -s 200 -e ${calls} -o /tmp/trace -p 1 2>/tmp/said & echo`;
  await observer.run(['sh', '-c', watch]);
  await eventually('strace', async () =>
    (await observer.run(['cat', '/tmp/said'])).includes('attached'),
  );

  const mail = { from: 'nas@home.example', to: 'you@nowhere.example', body: 'kept'.repeat(1000) };
  const { accepted, reply } = await client.send(relay, mail);
  expect(accepted).toBe(true);
  const [, queueId = 'none'] = /queued as (\w+)/.exec(reply) ?? [];

  const lines = await eventually('the reply in the trace', async () => {
    const trace = (await observer.run(['cat', '/tmp/trace'])).split('\n');
    return trace.some((line) => line.includes(`queued as ${queueId}`)) && trace;
  });
  const told = lines.findIndex((line) => line.includes(`Ok: queued as ${queueId}`));
  const ofQueue = /\/var\/spool\/postfix\/(incoming|maildrop)\//;
  const synced = lines.findIndex((line) => /fsync\(/.test(line) && ofQueue.test(line));
  expect(synced, lines.slice(0, told + 1).join('\n')).toBeGreaterThanOrEqual(0);
  expect(synced).toBeLessThan(told);
  expect(lines[synced]).toMatch(/= 0$/);
});
