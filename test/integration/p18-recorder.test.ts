import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, runRelay, startRelay } from '../support/relay.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P18 and P19: the recorder may die, hang or be stopped: mail goes on, and no line of the log is
// lost. What became of each mail is answered inside the container, after a restart too.

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let state: TestVolume;
let relay: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network));
  state = stack.use(await createVolume());
  relay = stack.use(
    await startRelay(
      network,
      customerOf(provider, {
        env: { RELAY_LOG_FORMAT: 'json', RELAY_HISTORY: '30d', RELAY_MYHOSTNAME: 'relay.example' },
        volumes: { '/var/lib/hikyaku': state },
      }),
    ),
  );
});
afterAll(() => stack.disposeAsync());

/** Sends so many mails, and waits until the provider has them. */
async function send(name: string, count = 1): Promise<void> {
  const { messages } = await provider.stats();
  await client.container.run([
    ...['smtp-source', '-m', String(count), '-s', '5', '-f', `${name}@example.com`],
    ...['-t', 'you@friend.example', '-S', name, 'relay:25'],
  ]);
  await provider.waitForMessages(messages + count);
}

interface Line {
  readonly event?: string;
  readonly queue_id?: string;
  readonly status?: string;
  readonly [name: string]: unknown;
}

/** The lines that are JSON; the policy at start is not. */
const lines = async (): Promise<readonly Line[]> =>
  (await relay.logs())
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));

/** Sends a signal to the recorder, as the user that it runs as. */
const signal = (name: string): Promise<string> =>
  relay.run([
    'sh',
    '-c',
    'cd /proc; for p in [0-9]*; do tr "\\0" " " < $p/cmdline | ' +
      'grep -q "^/usr/local/bin/node.*recorder.js" && kill -$0 $p; done; true',
    name,
  ]);

/** The IDs of the messages from a sender that the log tells were sent. */
async function sentIn(log: readonly Line[], sender: string): Promise<ReadonlySet<string>> {
  const own = log.filter(({ event, from }) => event === 'queued' && from === sender);
  const ids = new Set(own.map(({ queue_id: id }) => id));
  return new Set(
    log.flatMap(({ event, status, queue_id: id }) =>
      event === 'attempt' && status === 'sent' && id !== undefined && ids.has(id) ? [id] : [],
    ),
  );
}

const historyOf = async (...options: readonly string[]) =>
  JSON.parse((await relay.exec(['hikyaku', 'history', '--json', ...options])).stdout).messages;

it('tells each event as an object of JSON', async () => {
  await send('first');
  const line = await eventually('the line of the delivery', async () =>
    (await lines()).find(({ event, status }) => event === 'attempt' && status === 'sent'),
  );
  expect(line).toMatchObject({
    program: 'smtp',
    to: 'you@friend.example',
    dsn: '2.6.0',
    delays: { before_queue: expect.any(Number) },
    text: expect.stringContaining('status=sent'),
  });
});

it('keeps every line, and mail goes on, while it is killed again and again', async () => {
  const killing = setInterval(() => void signal('KILL'), 700);
  try {
    await send('killed', 300);
  } finally {
    clearInterval(killing);
  }
  const sender = 'killed@example.com';
  await eventually('every delivery in the log', async () => {
    return (await sentIn(await lines(), sender)).size === 300;
  });
  await eventually('every delivery in the history', async () => {
    const kept = await historyOf('--sender', sender, '--status', 'sent', '--most', '1000');
    return kept.length === 300;
  });
});

it('holds no mail up while it hangs, and catches up', async () => {
  await signal('STOP');
  await send('halted', 50);
  expect((await sentIn(await lines(), 'halted@example.com')).size).toBe(0);
  await signal('CONT');
  await eventually('every delivery in the log', async () => {
    return (await sentIn(await lines(), 'halted@example.com')).size === 50;
  });
});

it('answers trace and status from the history, after a restart too', async () => {
  await relay.kill();
  await relay.start();
  const story = await relay.run(['hikyaku', 'trace', 'first@example.com']);
  expect(story).toContain('mail.isp.example');
  const status = JSON.parse((await relay.exec(['hikyaku', 'status', '--json'])).stdout);
  expect(status.log.lastDelivery).toMatchObject({ to: 'you@friend.example' });
  expect(await historyOf('--recipient', 'you@friend.example', '--most', '5')).toHaveLength(5);
});

it('knows of mail that was deleted from the queue', async () => {
  await provider.setFaults({ at: 'rcpt', reply: '450 4.2.1 later' });
  await client.send(relay, { from: 'unwanted@example.com', to: 'you@friend.example' });
  await relay.waitForDelay('you@friend.example');
  await provider.setFaults();
  const message = (await relay.queue()).find(({ sender }) => sender === 'unwanted@example.com');
  await relay.run(['hikyaku', 'queue', 'delete', message?.queue_id ?? '', '--yes']);
  await eventually('the deletion in the history', async () => {
    const [kept] = await historyOf('--sender', 'unwanted@example.com');
    return kept?.status === 'deleted';
  });
});

it('hides who in the log when asked to, and keeps the lines of Postfix', async () => {
  await using other = await startRelay(
    network,
    customerOf(provider, { aliases: ['other'], env: { RELAY_LOG_ANONYMIZE: 'yes' } }),
  );
  await client.send(other, { from: 'secret.person@example.com', to: 'you@friend.example' });
  await other.waitForLog(/postfix\/smtp\[\d+\]: \w+: to=<\*\*\*@friend\.example>, .*status=sent/);
  expect(await other.logs()).not.toContain('secret.person');
});

it('does not start without a place for the history', async () => {
  const { exitCode, stderr } = await runRelay(
    network,
    customerOf(provider, { aliases: ['third'], env: { RELAY_HISTORY: '30d' } }),
  );
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('/var/lib/hikyaku');
});
