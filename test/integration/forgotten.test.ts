import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { LOCKED_DOWN, runRelay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// What people forget when they start a relay, and would notice when mail is lost.

const stack = new AsyncDisposableStack();
let network: TestNetwork;

beforeAll(async () => {
  network = stack.use(await startNetwork());
});
afterAll(() => stack.disposeAsync());

it('a queue without a volume of its own is warned of, and one with a name is not', async () => {
  await using forgotten = await startRelay(network);
  expect(await forgotten.logs()).toMatch(/warning: .*queue.*without a name.*named volume/);
  await using spool = await createVolume();
  await using relay = await startRelay(network, {
    spool,
    aliases: ['named'],
    env: { RELAY_NETWORKS: 'host' },
  });
  expect(await relay.logs()).not.toMatch(/warning: the queue/);
});

it.each(['relay.yml', 'relay.yaml.txt', 'config.yaml'])(
  'settings under another name are no direct relay, but an error: %s',
  async (name) => {
    const file = `/etc/hikyaku/${name}`;
    const files = { [file]: 'relay: {host: mail.isp.example}\n' };
    const { exitCode, stderr } = await runRelay(network, { files });
    expect({ exitCode, stderr }).toEqual({ exitCode: 78, stderr: expect.stringContaining(file) });
  },
);

it('settings that are mounted at another place are an error, too', async () => {
  const files = { '/config/relay.yaml': 'relay: {host: mail.isp.example}\n' };
  const ended = await runRelay(network, { files });
  expect(ended).toMatchObject({ exitCode: 78 });
  expect(ended.stderr).toContain('/config/relay.yaml');
});

it('every place that has to be writable is named at once', async () => {
  const lockedDown = { ...LOCKED_DOWN, tmpfs: ['/tmp'] };
  const { exitCode, stderr } = await runRelay(network, { lockedDown });
  expect(exitCode).toBe(71);
  expect(stderr).toMatch(/\/etc\/postfix.*\/var\/lib\/postfix.*tmpfs/);
});

it('a settings file that was replaced on the host is told at the reload', async () => {
  const file = '/etc/hikyaku/relay.yaml';
  await using relay = await startRelay(network, { files: { [file]: 'networks: [host]\n' } });
  expect((await relay.exec(['hikyaku', 'reload'])).stderr).not.toContain(file);
  await relay.replace(file, 'networks: [attached]\n');
  expect((await relay.exec(['hikyaku', 'reload'])).stderr).toMatch(
    /warning: \/etc\/hikyaku\/relay\.yaml .*replaced.*restart/,
  );
});
