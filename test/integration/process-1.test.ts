import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startContainer } from '../support/container.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { LOCKED_DOWN, type Relay, runRelay, startRelay } from '../support/relay.ts';

// What process 1 hears before it is Postfix, what it does not hear, and who may reload.

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let relay: Relay;

/** What other programs that share an env file are told. */
const FOREIGN = {
  NODE_OPTIONS: '--require /nowhere.js',
  NODE_PATH: '/nowhere',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_EXTRA_CA_CERTS: '/nowhere.pem',
};

beforeAll(async () => {
  network = stack.use(await startNetwork());
  relay = stack.use(await startRelay(network, { env: { ...FOREIGN, RELAY_NETWORKS: 'host' } }));
});
afterAll(() => stack.disposeAsync());

it.each([0, 30, 60, 100, 150, 200])('"docker stop" %d ms after the start is heard', async (ms) => {
  await using container = await startContainer({
    image: IMAGES.relay,
    network,
    aliases: [`early-${ms}`],
    lockedDown: LOCKED_DOWN,
  });
  await pause(ms);
  await (await engine()).getContainer(container.id).stop({ t: 60 });
  // Killed, it would be 137.
  expect([0, 143]).toContain(await container.waitForExit());
});

it('a verb that is process 1 hears it, too, and gives its own exit code otherwise', async () => {
  expect(await runRelay(network, { command: ['check'], env: { RELAY_PORT: 'x' } })).toMatchObject({
    exitCode: 78,
  });
  expect(await runRelay(network, { command: ['start', '--help'] })).toMatchObject({ exitCode: 0 });
});

it('variables of Node.js are not heard, and process 1 is Postfix', async () => {
  expect(await relay.logs()).not.toMatch(/NODE_|nowhere/);
  expect(await relay.run(['cat', '/proc/1/comm'])).toBe('master\n');
  expect(await relay.exec(['hikyaku', 'check'])).toMatchObject({ exitCode: 0 });
});

it('reloads wait for each other, and for no one who holds a name or was killed', async () => {
  const hold = `require('node:net').createServer().listen('\\0hikyaku')`;
  await relay.run(['sh', '-c', 'node -e "$1" > /dev/null 2>&1 < /dev/null &', 'sh', hold]);
  await relay.run(['sh', '-c', 'hikyaku reload > /dev/null & sleep 0.15; kill -9 $!; true']);
  const reloads = [1, 2, 3].map(() => relay.exec(['hikyaku', 'reload']));
  for (const { exitCode } of await Promise.all(reloads)) expect(exitCode).toBe(0);
});

it('health tells life from readiness, and neither leaves a line in the log', async () => {
  const before = (await relay.logs()).length;
  expect(await relay.run(['hikyaku', 'health'])).toBe('healthy\n');
  expect(await relay.run(['hikyaku', 'health', '--ready'])).toBe('ready\n');
  expect((await relay.logs()).length).toBe(before);
  await relay.signalQueueManager('STOP');
  expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({ exitCode: 1 });
  await relay.signalQueueManager('CONT');
  await eventually('health', async () => (await relay.exec(['hikyaku', 'health'])).exitCode === 0);
});
