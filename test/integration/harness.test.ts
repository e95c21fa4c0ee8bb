import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { startContainer, startReady } from '../support/container.ts';
import { startDns } from '../support/dns.ts';
import { engine, removeLeftovers } from '../support/engine.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { createVolume } from '../support/volume.ts';

const stack = new AsyncDisposableStack();
let network: TestNetwork;

beforeAll(async () => {
  network = stack.use(await startNetwork());
});
afterAll(() => stack.disposeAsync());

/** A shell in a container. */
function shell(script: string) {
  return {
    image: IMAGES.client,
    network,
    aliases: ['shell'] as const,
    command: ['sh', '-c', script],
  };
}

describe('a container', () => {
  it('that ends before it is ready is reported with its log', async () => {
    const start = startReady(shell('echo no room; exit 3'), /ready/);
    await expect(start).rejects.toThrow(/did not become ready; its log:\nno room\n/);
  });

  it('tells its output apart, and its exit code', async () => {
    await using container = await startContainer(
      shell('echo out; sleep 0.1; echo err >&2; exit 7'),
    );
    expect(await container.waitForExit()).toBe(7);
    expect(await container.output()).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      all: 'out\nerr\n',
    });
  });

  it('is on its network alone', async () => {
    await using container = await startContainer(shell('sleep infinity'));
    const { NetworkSettings } = await (await engine()).getContainer(container.id).inspect();
    expect(Object.keys(NetworkSettings.Networks)).toEqual([network.name]);
  });

  it('that is locked down can write nothing but its tmpfs and volumes', async () => {
    await using volume = await createVolume();
    await using container = await startContainer({
      ...shell('sleep infinity'),
      lockedDown: { capabilities: ['SETUID'], tmpfs: ['/tmp'] },
      volumes: { '/data': volume },
      files: { '/etc/secret': { content: 's', mode: 0o600 } },
    });
    await container.run(['touch', '/tmp/a', '/data/a']);
    expect((await container.exec(['touch', '/usr/a'])).output).toContain('Read-only file system');
    expect(await container.run(['stat', '-c', '%a %u', '/etc/secret'])).toBe('600 0\n');
    expect(await container.run(['grep', 'CapBnd', '/proc/1/status'])).toMatch(/0+80\n/);
  });

  it('sees a file that is changed while it runs', async () => {
    await using container = await startContainer({
      ...shell('sleep infinity'),
      files: { '/etc/x': 'one' },
    });
    await container.write('/etc/x', 'two');
    expect(await container.run(['cat', '/etc/x'])).toBe('two');
  });
});

it('the DNS server knows its records alone, and remembers who asked', async () => {
  await using dns = await startDns(network, {
    mx: {
      'example.com': [
        { host: 'mx2.example.com', preference: 20 },
        { host: 'mx1.example.com', preference: 10 },
      ],
    },
    a: { 'mx1.example.com': '192.0.2.1' },
  });
  await using client = await startContainer({ ...shell('sleep infinity'), dns: [dns.address] });
  const resolve = `my $r = Net::DNS::Resolver->new; for (@ARGV) { my ($n, $t) = split "/"; my $p = $r->send($n, $t);
    print join(" ", $p->header->rcode, sort map { $_->rdstring } $p->answer), "\\n" }`;
  const answers = await client.run([
    ...['perl', '-MNet::DNS', '-e', resolve],
    ...['example.com/MX', 'mx1.example.com/A', 'mx1.example.com/AAAA', 'nowhere.example/A'],
  ]);
  expect(answers.split('\n')).toEqual([
    'NOERROR 10 mx1.example.com. 20 mx2.example.com.',
    'NOERROR 192.0.2.1',
    'NOERROR',
    'NXDOMAIN',
    '',
  ]);
  expect(await dns.queries()).toContainEqual({
    type: 'MX',
    name: 'example.com',
    from: client.address,
  });
});

it('what a killed run left behind is removed, and nothing else', async () => {
  await using client = await startClient(network, 'bystander');
  const support = new URL('../support/', import.meta.url).pathname;
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startNetwork } = await import('${support}network.ts');
       const { startClient } = await import('${support}client.ts');
       const { createVolume } = await import('${support}volume.ts');
       await createVolume();
       console.log((await startClient(await startNetwork())).container.id);
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { encoding: 'utf8' },
  );
  const docker = await engine();
  const left = docker.getContainer(stdout.trim());
  await left.inspect();
  expect(await removeLeftovers()).toBeGreaterThanOrEqual(3);
  await expect(left.inspect()).rejects.toThrow('no such container');
  expect(await client.container.exitCode()).toBeNull();
});
