import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { connectEngine } from '../../src/docker/engine.ts';
import { startContainer } from '../support/container.ts';
import { engine } from '../support/engine.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';

// What the image says of itself, and what is in it before anything runs.

it('has the ports, the volume, the health check and the stop signal of the Dockerfile, and no other', async () => {
  const { docker } = await connectEngine({});
  const { Config } = await docker.getImage(IMAGES.relay).inspect();
  expect(Config).toMatchObject({
    ExposedPorts: { '25/tcp': {}, '587/tcp': {} },
    Volumes: { '/var/spool/postfix': {} },
    Entrypoint: ['hikyaku'],
    Cmd: ['start'],
    StopSignal: 'SIGTERM',
  });
  expect(Object.keys(Config.ExposedPorts ?? {})).toHaveLength(2);
  expect(Object.keys(Config.Volumes ?? {})).toHaveLength(1);
  expect(Config.Healthcheck?.Test).toEqual(['CMD', 'hikyaku', 'health']);
});

it('has labels that say which version it is, and of which program', async () => {
  const { Config } = await (await engine()).getImage(IMAGES.relay).inspect();
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Config.Labels).toMatchObject({
    'org.opencontainers.image.title': 'Hikyaku',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
});

/** A file of passwords, or a value for a variable or an option of that name. */
const SECRET = /sasl_passwd|\b\w*(?:PASSWORD|PASSWD)\s*[=:]\s*\S/i;

it('holds no password in its variables, labels and history', async () => {
  const image = (await engine()).getImage(IMAGES.relay);
  const { Config } = await image.inspect();
  const history: readonly { readonly CreatedBy?: string }[] = await image.history();
  const told = [
    ...(Config.Env ?? []),
    ...Object.entries(Config.Labels ?? {}).map((label) => label.join('=')),
    ...history.map(({ CreatedBy }) => CreatedBy ?? ''),
  ];
  expect(told.length).toBeGreaterThan(3);
  expect(told.filter((text) => SECRET.test(text))).toEqual([]);
});

it('has an empty /etc/postfix, no file that gives rights but those of Postfix, and no login', async () => {
  await using network = await startNetwork();
  await using asleep = await startContainer({
    ...{ image: IMAGES.relay, network, aliases: ['asleep'], entrypoint: ['sleep', '600'] },
    command: [],
  });
  expect(await asleep.run(['find', '/etc/postfix', '-mindepth', '1'])).toBe('');
  const find = 'find / -xdev -type f -perm /6000 | sort';
  const privileged = await asleep.run(['sh', '-c', find]);
  for (const file of privileged.split('\n').filter((line) => line !== '')) {
    expect(file).toMatch(/^\/usr\/sbin\/post(drop|queue)$/);
  }
  const writable =
    'find / -xdev ! -type l -perm -0002 ! -path "/proc/*" ! -path "/dev/*" ! -perm -1000';
  expect(await asleep.run(['sh', '-c', writable])).toBe('');
  const shells = await asleep.run(['sh', '-c', "grep -v ':/usr/sbin/nologin$' /etc/passwd"]);
  expect(
    shells
      .trim()
      .split('\n')
      .map((line) => line.split(':')[0])
      .filter((user) => !['root', 'sync'].includes(user ?? '')),
  ).toEqual([]);
  expect((await asleep.exec(['hikyaku', 'health'])).exitCode).toBe(1);
});
