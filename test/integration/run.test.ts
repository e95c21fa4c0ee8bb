import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../scripts/command.ts';
import { buildImage } from '../../src/docker/build.ts';
import { createProgress } from '../../src/progress.ts';
import { hikyaku, imageTag, MAIN } from '../support/builder.ts';
import { startClient } from '../support/client.ts';
import { LOGIN, startIsp } from '../support/customer.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { Folder } from '../unit/entrypoint/support/folder.ts';

/** The volumes of the queue, which is there or is not. */
async function queues(): Promise<readonly string[]> {
  const docker = await engine();
  const { Volumes } = await docker.listVolumes({ filters: { name: [`${NAME}-queue`] } });
  return (Volumes ?? []).map(({ Name }) => Name);
}

// A relay without Compose: run, logs and stop, as a user calls them.

const NAME = `hikyaku-run-${process.pid}`;

/** Removes what `hikyaku run` leaves on purpose, whether it came to be or not. */
async function removeRelay(): Promise<void> {
  const docker = await engine();
  const found = await docker.listContainers({ all: true, filters: { name: [`^/${NAME}$`] } });
  for (const { Id } of found) await docker.getContainer(Id).remove({ force: true });
  for (const queue of await queues()) await docker.getVolume(queue).remove();
}

async function settingsFor(provider: ProviderHandle, folder: Folder): Promise<string> {
  const file = folder.write(
    'relay.yaml',
    `
myhostname: relay.myhome.net
relay:
  host: ${provider.host}
  username: ${LOGIN.username}
  password_file: /run/secrets/isp
  ca_file: /certs/ca.pem
`,
  );
  await mkdir(path.join(path.dirname(file), 'secrets'));
  folder.write('secrets/isp', LOGIN.password);
  folder.write('secrets/ca.pem', provider.caPem);
  return file;
}

it('a relay is run, delivers, tells its log and is stopped; the printed line runs the same', async () => {
  using folder = new Folder();
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  await using client = await startClient(network);
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(removeRelay);
  const file = await settingsFor(provider, folder);

  const delivers = async (to: string): Promise<void> => {
    const sent = await client.send(NAME, { from: 'me@foo.bar.example', to });
    expect(sent).toMatchObject({ accepted: true });
    const message = await eventually(`the mail to ${to}`, async () =>
      (await provider.messages()).find(({ envelope }) => envelope.to.includes(to)),
    );
    expect(message.session).toMatchObject({ auth: { username: LOGIN.username } });
  };

  const said = await hikyaku('run', file, '--name', NAME, '--network', network.name);
  expect(said).not.toContain(LOGIN.password);
  expect(said).toContain(`its log: ./hikyaku logs ${NAME}`);
  await delivers('first@example.com');
  expect(await hikyaku('logs', NAME)).toMatch(/to=<first@example\.com>.* status=sent/);

  await expect(
    hikyaku('run', file, '--name', NAME, '--network', network.name),
  ).rejects.toMatchObject({
    output: expect.stringMatching(`${NAME}.* is already in use`),
  });

  expect(await hikyaku('stop', NAME, '--remove')).toContain(
    `its queue stays in the volume ${NAME}-queue`,
  );

  const line = said.split('\n').find((one) => one.startsWith('  docker run '));
  await run('sh', ['-euc', `${line}`]);
  await eventually('a healthy relay', () => run('docker', ['exec', NAME, 'hikyaku', 'health']), {
    timeoutMs: 120_000,
  });
  await delivers('second@example.com');
});

it('a relay that does not come up is told with what it said, and removed; its volume stays', async () => {
  using folder = new Folder();
  await using network = await startNetwork();
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(removeRelay);
  // Only the container can tell: no Postfix of the host knows this name.
  const file = folder.write('relay.yaml', 'postfix: {no_such_parameter: "1"}\n');
  await expect(
    hikyaku('run', file, '--name', NAME, '--network', network.name),
  ).rejects.toMatchObject({
    output: expect.stringMatching(/did not start; it said:.*no_such_parameter/s),
  });
  await expect(hikyaku('logs', NAME)).rejects.toMatchObject({
    output: expect.stringContaining(`there is no container "${NAME}"`),
  });
  expect(await queues()).toEqual([`${NAME}-queue`]);
});

it('a port that is taken is told, and the network that was made is removed', async () => {
  using folder = new Folder();
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(removeRelay);
  const docker = await engine();
  const server = cleanUp.use(createServer());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const file = folder.write('relay.yaml', '');
  const start = (): Promise<string> =>
    hikyaku('run', file, '--name', NAME, '--network', NAME, '--publish', `127.0.0.1:${port}:25`);

  const fault: unknown = await start().catch((error: unknown) => error);
  expect(fault).toMatchObject({
    output: expect.stringMatching(`refuses this: .*:${port}\\b.*(allocated|in use)`),
  });
  // Before that, what the settings alone make of the port, and of mail without a provider.
  expect(fault).toMatchObject({
    output: expect.stringMatching(
      /^hikyaku: warning: .*RELAY_MYHOSTNAME.*\nhikyaku: no program of this machine may send/m,
    ),
  });
  expect(await docker.listNetworks({ filters: { name: [NAME] } })).toEqual([]);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'after %s, what was made for a relay that is not up yet is removed',
  async (signal, code) => {
    using folder = new Folder();
    await using image = imageTag();
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(removeRelay);
    const docker = await engine();
    // One that never takes mail, so that it is always in the middle of its start.
    folder.write('Dockerfile', `FROM ${IMAGES.relay}\nENTRYPOINT ["sleep", "600"]\nCMD []\n`);
    const context = { root: folder.path, entries: ['Dockerfile'], ignore: '' };
    await buildImage(
      docker,
      { tag: image.tag, dockerfile: 'Dockerfile', context },
      {},
      createProgress(process.stderr),
    );
    const file = folder.write('relay.yaml', '');
    const words = ['run', file, '--name', NAME, '--network', NAME, '--image', image.tag];
    const child = spawn(process.execPath, [MAIN, ...words], { stdio: 'ignore' });
    const ended = once(child, 'close');
    await eventually('the container', async () => {
      const filters = { name: [`^/${NAME}$`] };
      return (await docker.listContainers({ filters })).length > 0;
    });
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(await docker.listContainers({ all: true, filters: { name: [NAME] } })).toEqual([]);
    expect(await docker.listNetworks({ filters: { name: [NAME] } })).toEqual([]);
  },
);
