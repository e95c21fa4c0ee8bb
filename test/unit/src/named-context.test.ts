import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextAddress } from '../../../src/docker/named-context.ts';

/** A home directory in which the docker command has that context. */
async function homeWith(name: string, host: string, current?: string) {
  const home = await mkdtempDisposable(path.join(tmpdir(), 'hikyaku-context-'));
  const digest = createHash('sha256').update(name).digest('hex');
  const directory = path.join(home.path, '.docker', 'contexts', 'meta', digest);
  await mkdir(directory, { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host } } };
  await writeFile(path.join(directory, 'meta.json'), JSON.stringify(meta));
  const config = JSON.stringify(current === undefined ? {} : { currentContext: current });
  await writeFile(path.join(home.path, '.docker', 'config.json'), config);
  return home;
}

const SOCKET = 'unix:///run/user/1000/docker.sock';

describe('a context of the docker command', () => {
  test('is used when it is the current one, or DOCKER_CONTEXT names it', async () => {
    await using current = await homeWith('rootless', SOCKET, 'rootless');
    await using other = await homeWith('rootless', SOCKET);
    expect(contextAddress({ HOME: current.path })).toBe(SOCKET);
    expect(contextAddress({ HOME: other.path, DOCKER_CONTEXT: 'rootless' })).toBe(SOCKET);
    expect(contextAddress({ DOCKER_CONFIG: `${current.path}/.docker` })).toBe(SOCKET);
  });

  test('does not count when there is none, or it is "default"', async () => {
    await using home = await homeWith('rootless', SOCKET, 'rootless');
    expect(contextAddress({ HOME: home.path, DOCKER_CONTEXT: 'default' })).toBe(undefined);
    expect(contextAddress({ HOME: '/nowhere' })).toBe(undefined);
    expect(contextAddress({})).toBe(undefined);
  });

  test('that is not there is told by its name', () => {
    expect(() => contextAddress({ HOME: '/nowhere', DOCKER_CONTEXT: 'far' })).toThrow(
      /^there is no Docker context "far": "docker context ls" lists those that are, /,
    );
  });

  test('on another machine is to be given as DOCKER_HOST', async () => {
    await using home = await homeWith('far', 'ssh://me@far.example', 'far');
    expect(() => contextAddress({ HOME: home.path })).toThrow(
      /^the Docker context "far" leads .* DOCKER_HOST=ssh:\/\/me@far\.example, /,
    );
  });
});
