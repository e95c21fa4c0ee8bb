import { startClient } from '../test/support/client.ts';
import { startContainer, startReady, type TestContainer } from '../test/support/container.ts';
import { eventually } from '../test/support/eventually.ts';
import { startNetwork } from '../test/support/network.ts';
import { createVolume, type TestVolume } from '../test/support/volume.ts';
import { type Contestant, PROVIDER, specOf } from './contestants.ts';

export const SPOOL = '/var/spool/postfix';

/**
 * Copies one deferred message, many files at once. A queue file that is complete may be executed
 * by its owner (mail_queue_open(3)); it is tried again when its time of change has come.
 */
const MULTIPLY = `
  set -eu
  cd ${SPOOL}/deferred
  message=$(find . -type f | head -n 1)
  directory=$(dirname "$message")
  seq -f "$directory/A%09.0f" "$COUNT" > /tmp/names
  xargs -n 500 sh -c 'cat "$0" | tee "$@" > /dev/null' "$message" < /tmp/names
  chown -R postfix "$directory"
  chmod -R 0700 "$directory"
  find . -type f -exec touch -d '+1 day' {} +
`;

/** A queue in which so many messages wait, left by a container of the contestant's own image. */
export async function waitingQueue(
  contestant: Contestant,
  ca: string,
  messages: number,
): Promise<TestVolume> {
  const queue = await createVolume();
  try {
    await using network = await startNetwork();
    // Nobody listens there, so that mail waits.
    await using client = await startClient(network, PROVIDER);
    const volumes = { [SPOOL]: queue };
    const run = (): Promise<TestContainer> =>
      startReady(specOf(contestant, network, ca, { volumes }), /daemon started/);
    {
      await using relay = await run();
      await client.send(relay, { from: 'sender@example.com', to: 'recipient@example.org' });
      await eventually('a deferred message', async () => {
        const { stdout } = await relay.exec(['find', `${SPOOL}/deferred`, '-type', 'f']);
        return stdout !== '';
      });
      await relay.stop();
    }
    await using copier = await startContainer({
      image: contestant.image,
      network,
      aliases: ['copier'],
      env: { COUNT: String(messages) },
      entrypoint: ['sh', '-c'],
      command: [MULTIPLY],
      volumes,
    });
    const status = await copier.waitForExit({ timeoutMs: 300_000 });
    if (status !== 0) throw new Error(`the queue could not be filled:\n${await copier.logs()}`);
    // The first start gives every file the name and the place that belong to it.
    await using relay = await run();
    const found = await relay.run(['sh', '-c', `find ${SPOOL}/deferred -type f | wc -l`]);
    if (Number(found) !== messages + 1) throw new Error(`only ${found} messages wait`);
    await relay.stop();
    return queue;
  } catch (error) {
    await queue[Symbol.asyncDispose]();
    throw error;
  }
}
