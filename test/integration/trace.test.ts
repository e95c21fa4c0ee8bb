import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hikyakuSays } from '../support/builder.ts';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// `hikyaku trace`, and what `hikyaku status` says from the log: in the container with the log on
// standard input, and on the host.

const YOU = 'you@example.com';
const GONE = 'gone@example.com';
const LATE = 'late@example.com';

const stack = new AsyncDisposableStack();
let relay: Relay;
let provider: ProviderHandle;
let client: Client;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  [provider, client] = await startAll(stack, startIsp(network), startClient(network));
  await provider.setFaults(
    { at: 'rcpt', reply: '550 5.1.1 no such user', match: { to: GONE } },
    { at: 'rcpt', reply: '450 4.2.0 Greylisted', match: { to: LATE } },
  );
  const env = {
    RELAY_VIRTUAL: `root@home.example=${YOU}`,
    RELAY_GENERIC: '@home.example=hoge@isp.example',
    RELAY_ALLOWED_RECIPIENTS: '@example.com, @home.example',
  };
  relay = stack.use(await startRelay(network, customerOf(provider, { env })));
  const send = (from: string, to: string) => client.send(relay, { from, to });
  await send('nas@home.example', 'root@home.example');
  await send('nas@home.example', GONE);
  await send('nas@home.example', LATE);
  await send('nas@home.example', 'stranger@elsewhere.example');
  await relay.waitForDelay(LATE);
  await relay.waitForLog(/removed[\s\S]*removed[\s\S]*removed/);
});
afterAll(() => stack.disposeAsync());

/** Runs a verb in the container with the log on standard input. */
const withLog = async (...words: readonly string[]) => {
  const command = ['exec', '-i', relay.id, 'hikyaku', ...words];
  const options = { input: await relay.logs(), encoding: 'utf8' } as const;
  const { stdout, status } = spawnSync('docker', command, options);
  return { stdout, exitCode: status };
};

describe('trace', () => {
  it('tells in the container, with the log on standard input, what became of a message', async () => {
    const { stdout, exitCode } = await withLog('trace', 'root@home.example');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\w+ {2}from nas@home\.example to you@example\.com\n/);
    expect(stdout).toContain(`handed in by ${client.container.address}: message-id <`);
    expect(stdout).toContain('rewritten: root@home.example -> you@example.com (recipient');
    expect(stdout).toContain('rewritten: nas@home.example -> hoge@isp.example (on leaving');
    expect(stdout).toMatch(
      /you@example\.com: delivered through mail\.isp\.example\[.*\]:587 as hoge/,
    );
    expect(stdout).toMatch(/\n {2}result: delivered \(250 .*\)\n/);
    expect(stdout).toMatch(/\nsearched: the queue and the log since \d{4}-/);
    const { envelope } = await provider.waitForMessage();
    expect(envelope).toEqual({ from: 'hoge@isp.example', to: [YOU] });
  });

  it('tells on the host what came back, with the notice to the sender', async () => {
    const { code, stdout: text } = await hikyakuSays('trace', relay.id, GONE, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      queueSearched: true,
      logSince: expect.stringMatching(/^\d{4}-/),
      stories: [
        {
          to: [GONE],
          verdict: 'returned',
          result: expect.stringMatching(/^not delivered: it went back to its sender as \w+$/),
          notices: [{ from: '', to: ['nas@home.example'], verdict: 'delivered' }],
        },
      ],
    });
  });

  it('tells on the host which setting would let a message in', async () => {
    const { stdout: text } = await hikyakuSays('trace', relay.id, 'stranger@elsewhere.example');
    expect(text).toContain('refused by this relay');
    expect(text).toContain('change RELAY_ALLOWED_RECIPIENTS');
    // The remedy is the container's, and its command is not at hand here.
    expect(text).toContain('then "hikyaku reload"');
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      `"hikyaku VERB" above means: ./hikyaku VERB ${relay.id}`,
    );
  });

  it('tells the part of the queue without a log, and how to give it one', async () => {
    const { stdout, exitCode } = await relay.exec(['hikyaku', 'trace', LATE]);
    const name = relay.id.slice(0, 12);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`handed in by ${client.container.address}: message-id <`);
    expect(stdout).toContain('makes unknown senders wait (greylisting)');
    expect(stdout).toMatch(/result: still waiting, next try in [1-5] min;/);
    expect(stdout).toContain(
      `docker logs ${name} 2>&1 | docker exec -i ${name} hikyaku trace '${LATE}'`,
    );
  });

  it('says what it searched when nothing is found', async () => {
    const { stdout, exitCode } = await withLog('trace', 'ou@example.com');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^nothing about ou@example\.com in the queue and the log since \d{4}-/);
  });

  it('lists the last mail when nothing is asked for', async () => {
    const { stdout, exitCode } = await withLog('trace');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/ nas@home\.example to you@example\.com: delivered\n/);
    expect(stdout).toMatch(/ nas@home\.example to gone@example\.com: returned\n/);
    expect(stdout).toMatch(/ nas@home\.example to late@example\.com: waiting\n/);
  });

  it('wants on the host a container that is there', async () => {
    expect(await hikyakuSays('trace', 'no-such-relay', YOU)).toMatchObject({
      code: 71,
      stderr: expect.stringContaining('there is no container'),
    });
    expect(await hikyakuSays('trace', client.container.id, YOU)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is no relay of Hikyaku'),
    });
  });
});

describe('status', () => {
  const LAST = /log since .*; last delivery: .* to you@example\.com through mail\.isp\.example\[/;

  it('has the last delivery and what was refused, in the container', async () => {
    const { stdout } = await withLog('status');
    expect(stdout).toMatch(LAST);
    expect(stdout).toMatch(
      /once, to gone@example\.com, .*: there is no such recipient\n {4}-> correct/,
    );
    expect(stdout).toContain('change RELAY_ALLOWED_RECIPIENTS');
    expect(stdout).toContain('queue: 1 message');
  });

  it('has them on the host', async () => {
    const { code, stdout: text } = await hikyakuSays('status', relay.id, '--json');
    // Mail waits.
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject({
      running: true,
      log: {
        lastDelivery: { to: YOU },
        bounced: [{ count: 1, recipients: [GONE], trouble: { kind: 'recipient' } }],
        refused: [{ count: 1 }],
      },
      queue: { total: 1 },
    });
  });

  it('says without a log how to give it one, also when standard input is open with nothing', async () => {
    const name = relay.id.slice(0, 12);
    const how = `docker logs --since 48h ${name} 2>&1 | docker exec -i ${name} hikyaku status`;
    expect((await relay.exec(['hikyaku', 'status'])).stdout).toContain(how);
    const open = 'mkfifo /tmp/open && exec hikyaku status <> /tmp/open';
    expect((await relay.exec(['sh', '-c', open])).stdout).toContain(how);
  });
});

it('on the host every verb of the container runs in the relay that is named', async () => {
  expect(await hikyakuSays('health', relay.id)).toMatchObject({ code: 0, stdout: 'healthy\n' });
  const queue = await hikyakuSays('queue', '--json', relay.id, 'list');
  expect(JSON.parse(queue.stdout)).toMatchObject([{ recipients: [{ address: LATE }] }]);
  expect(await hikyakuSays('doctor', relay.id, LATE)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining(`"${LATE}" is one word too many`),
  });
});

it('without a verb the help is shown in a relay that runs', async () => {
  expect(await relay.exec(['hikyaku'])).toMatchObject({
    exitCode: 64,
    output: expect.stringMatching(/^Usage: hikyaku VERB/),
  });
  expect(await relay.run(['hikyaku', '--version'])).toMatch(/^hikyaku \d+\.\d+\.\d+\n$/);
});

it('in the container check reads the file that is named', async () => {
  const name = 'printf "relya: {}" > /tmp/other.yaml; hikyaku check /tmp/other.yaml';
  expect(await relay.exec(['sh', '-c', name])).toMatchObject({
    exitCode: 78,
    output: expect.stringContaining('other.yaml:1:1 relya'),
  });
});

it('of a relay that has ended, the host says where its log is', async () => {
  await relay.stop();
  const { code, stderr } = await hikyakuSays('trace', relay.id, GONE);
  expect(code).toBe(1);
  expect(stderr).toContain(`docker logs ${relay.id}`);
});
