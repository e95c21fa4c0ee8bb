import { describe, expect, test } from 'vitest';
import {
  connectEngine,
  engineAddresses,
  explainProbes,
  stateFromError,
} from '../../../src/docker/engine.ts';
import { engineAtSocket } from './support/loopback-engine.ts';

describe('the addresses that are tried for an engine', () => {
  test('are DOCKER_HOST alone when it is set', () => {
    expect(engineAddresses({ DOCKER_HOST: 'tcp://10.0.0.1:2375', HOME: '/home/me' })).toEqual([
      'tcp://10.0.0.1:2375',
    ]);
  });

  test('are the usual sockets otherwise, the one of the system first', () => {
    expect(
      engineAddresses({ DOCKER_HOST: '', HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' }),
    ).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/1000/docker.sock',
      'unix:///home/me/.docker/run/docker.sock',
      'unix:///home/me/.docker/desktop/docker.sock',
    ]);
  });
});

test.each([
  ['ENOENT', 'absent'],
  ['EACCES', 'forbidden'],
  ['ECONNREFUSED', 'silent'],
])('%s means that the engine is %s', (code, state) => {
  expect(stateFromError(Object.assign(new Error(code), { code })).state).toBe(state);
});

describe('an engine that cannot be used is explained in one sentence', () => {
  const address = 'unix:///var/run/docker.sock';

  test('that names the group when the socket is forbidden', () => {
    expect(
      explainProbes([
        { state: 'forbidden', address },
        { state: 'absent', address: 'unix:///else' },
      ]),
    ).toMatch(/unix:\/\/\/var.*usermod -aG docker/);
  });

  test('that gives the reason when it does not answer', () => {
    expect(explainProbes([{ state: 'silent', reason: 'connection refused', address }])).toContain(
      '(connection refused)',
    );
  });

  test('that lists where it was looked for when there is none', () => {
    expect(explainProbes([{ state: 'absent', address }])).toContain(
      'there is no Docker engine at unix:///var/run/docker.sock',
    );
  });
});

test('what answers and refuses our version of the API is no engine to use', async () => {
  await using refusing = await engineAtSocket((_, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{"message":"client version 1.41 is too new"}');
  });
  await expect(connectEngine({ DOCKER_HOST: refusing.address })).rejects.toMatchObject({
    message: expect.stringContaining('client version 1.41 is too new'),
    exitCode: 69,
  });
});
