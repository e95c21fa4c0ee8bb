import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// P18: under tini, with little memory, and while each part of the companion is killed and halted in
// turn: all mail goes out, and log and history have every line of what the provider got.

const MEMORY_MB = 224;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
let plain: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network));
  const volumes = { '/var/lib/hikyaku': stack.use(await createVolume()) };
  const env = {
    RELAY_LOG_FORMAT: 'json',
    RELAY_HISTORY: '30d',
    RELAY_PAGE_LISTEN: '8080',
    // Nobody is there.
    RELAY_ALERTS_TO: 'http://192.0.2.1/',
    RELAY_MYHOSTNAME: 'relay.example',
  };
  [relay, plain] = await Promise.all([
    startRelay(network, customerOf(provider, { env, volumes, init: true, memory: MEMORY_MB })),
    startRelay(network, customerOf(provider, { aliases: ['plain'], init: true })),
  ]);
  stack.use(relay);
  stack.use(plain);
});
afterAll(() => stack.disposeAsync());

/** Sends so many mails from as many senders, and gives the senders that the provider saw. */
async function send(name: string, count: number): Promise<void> {
  const { messages } = await provider.stats();
  await client.container.run([
    ...['smtp-source', '-m', String(count), '-s', '5', '-f', `${name}@example.com`],
    ...['-t', 'you@friend.example', 'relay:25'],
  ]);
  await provider.waitForMessages(messages + count);
}

/**
 * A program of the companion, every quarter of a second another one, is killed or halted; of its two
 * shells one is killed now and then. What kills both within a second does not want it to run. The
 * container may not signal processes of other users, as root may elsewhere.
 */
const TORMENT = `
end=$((SECONDS + $1))
while [ $SECONDS -lt $end ]; do
  for process in /proc/[0-9]*; do
    { mapfile -d '' words < $process/cmdline; } 2> /dev/null || continue
    id=\${process#/proc/}
    case \${words[0]}:\${words[3]}:$((RANDOM % 4)) in
      /usr/local/bin/node:*:0) kill -KILL $id ;;
      /usr/local/bin/node:*:1) kill -STOP $id; (sleep 2; kill -CONT $id) & ;;
      *:hikyaku-*:0) kill -KILL $id; read -r -t 3 <> <(:) ;;
      *) continue ;;
    esac 2> /dev/null
    read -r -t 0.25 <> <(:)
  done
  read -r -t 0.25 <> <(:)
done
wait`;

const torment = (seconds: number, user: string): Promise<string> =>
  relay.run(['bash', '-c', TORMENT, 'torment', String(seconds)], { user });

/** The IDs of the messages from a sender that were sent, by the lines of the log that are JSON. */
async function sentIn(sender: string): Promise<ReadonlySet<string>> {
  const lines = (await relay.logs()).split('\n').filter((line) => line.startsWith('{'));
  const events: readonly Record<string, string>[] = lines.map((line) => JSON.parse(line));
  const own = new Set(
    events.flatMap((one) =>
      one['event'] === 'queued' && one['from'] === sender ? one['queue_id'] : [],
    ),
  );
  return new Set(
    events.flatMap((one) =>
      one['status'] === 'sent' && own.has(one['queue_id']) ? (one['queue_id'] ?? []) : [],
    ),
  );
}

async function expectAllKept(name: string, count: number): Promise<void> {
  const sender = `${name}@example.com`;
  await eventually('every delivery in the log', async () => (await sentIn(sender)).size === count);
  await eventually('every delivery in the history', async () => {
    const asked = ['hikyaku', 'history', '--json', '--sender', sender, '--most', '1000'];
    const { messages } = JSON.parse((await relay.exec(asked)).stdout);
    const sent = messages.filter(({ status }: { status: string }) => status === 'sent');
    return sent.length === count;
  });
}

const isHealthy = async (): Promise<boolean> =>
  (await relay.exec(['hikyaku', 'health'])).stdout === 'healthy\n';

it('takes and sends mail while every part is killed and halted, and keeps every line', async () => {
  const torments = [torment(20, 'root'), torment(20, 'hikyaku-page')];
  await send('tormented', 200);
  await Promise.all(torments);
  await eventually('all programs', isHealthy);
  await expectAllKept('tormented', 200);
});

it('loses no mail and not Postfix when memory runs out', async () => {
  const container = (await engine()).getContainer(relay.id);
  const { State: before } = await container.inspect();
  const scores =
    'cd /proc; for p in [0-9]*; do echo $(cat $p/comm $p/oom_score_adj); done 2>/dev/null; true';
  const lines = (await relay.run(['sh', '-c', scores])).split('\n');
  expect(lines).toContain('master 0');
  expect(lines.filter((line) => line.startsWith('node '))).not.toContain('node 0');
  await relay.run(['sh', '-c', '(tail /dev/zero; true) > /dev/null 2>&1 &']);
  const events = 'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control';
  await eventually('a process that the kernel killed', async () => {
    const { output } = await relay.exec(['sh', '-c', events]);
    return /oom_kill [1-9]/.test(output);
  });
  await send('starved', 100);
  await eventually('all programs', isHealthy);
  await expectAllKept('starved', 100);
  const { State: after } = await container.inspect();
  expect(after.StartedAt).toBe(before.StartedAt);
});

it('ends as quickly as a relay without a companion', async () => {
  const quickest = async (one: Relay): Promise<number> => {
    const times: number[] = [];
    for (const isAgain of [false, true, true]) {
      if (isAgain) await one.start();
      const start = performance.now();
      // Under tini, Postfix ends by the signal.
      expect(await one.stop()).toBe(143);
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  // The engine alone takes most of it, now a little more and now a little less.
  const without = await quickest(plain);
  expect(await quickest(relay)).toBeLessThan(3 * without + 1000);
});
