import Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { CommandFailed, UserError } from '../../../entrypoint/cli/errors.ts';
import { requireApi } from '../../../src/docker/engine.ts';
import { explainEngineError } from '../../../src/docker/engine-errors.ts';
import { explainForeign, readPlatform, samePlatform } from '../../../src/docker/platform.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

/** What dockerode throws at an answer of the engine. */
async function refusal(status: number, message: string): Promise<unknown> {
  await using engine = await loopbackEngine((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message }));
  });
  return await engine.docker.createContainer({ Image: 'a' }).catch((error: unknown) => error);
}

describe('what the engine refuses is told in one sentence', () => {
  test.each([
    [
      409,
      'Conflict. The container name "/relay" is already in use by container "4f2a". You have to remove (or rename) that container to be able to reuse that name.',
      /^there is a container "relay" already: .*docker rm -f relay/,
    ],
    [409, 'network with name mail already exists', /^the name "mail" is taken/],
    [
      500,
      'write /var/lib/docker/tmp/x: no space left on device',
      /^the disk of the Docker engine is full: "docker system df"/,
    ],
    [
      400,
      'invalid reference format: repository name must be lowercase',
      /^the engine does not take that as the name of an image/,
    ],
    [
      400,
      'client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
      /^the Docker engine's API does not fit/,
    ],
    [404, 'No such image: nowhere:dev', /^there is no image "nowhere:dev"/],
    [
      500,
      'driver failed programming external connectivity on endpoint relay (b7c1): Error starting userland proxy: listen tcp4 192.0.2.1:2525: bind: cannot assign requested address',
      /^the port 2525 cannot be published at that address/,
    ],
    [500, 'something else', /^the Docker engine refuses this: something else$/],
  ])('%i %s', async (status, message, sentence) => {
    const explained = explainEngineError(await refusal(status, message));
    expect(explained).toBeInstanceOf(UserError);
    expect(explained).toMatchObject({ message: expect.stringMatching(sentence) });
  });

  test.each([
    'driver failed programming external connectivity on endpoint relay (b7c1): Bind for 0.0.0.0:2525 failed: port is already allocated',
    'driver failed programming external connectivity on endpoint relay (b7c1): Bind for :::2525 failed: port is already allocated',
    'driver failed programming external connectivity on endpoint relay (b7c1): Error starting userland proxy: listen tcp4 0.0.0.0:2525: bind: address already in use',
    'failed to set up container networking: driver failed programming external connectivity on endpoint relay (b7c1): failed to bind host port for [fd00::1]:2525:172.17.0.2:25/tcp: address already in use',
  ])('a port that is taken, in the words of several engines: %s', async (said) => {
    expect(explainEngineError(await refusal(500, said))).toMatchObject({
      message: expect.stringMatching(
        /^the port 2525 of this machine is taken: "ss -ltnp" .* publish another$/,
      ),
    });
  });

  test('an engine that is missing', async () => {
    const docker = new Docker({ socketPath: '/nowhere/docker.sock' });
    const error: unknown = await docker.ping().catch((fault: unknown) => fault);
    expect(explainEngineError(error)).toMatchObject({
      message: expect.stringMatching(/^there is no Docker engine at \/nowhere\/docker\.sock/),
    });
  });

  test('a connection that is broken off', async () => {
    await using engine = await loopbackEngine((request) => request.socket.destroy());
    const error: unknown = await engine.docker.ping().catch((fault: unknown) => fault);
    expect(explainEngineError(error)).toMatchObject({
      message: expect.stringMatching(/^the Docker engine broke off the connection/),
    });
  });

  test('a socket that is forbidden', () => {
    const fault = new Error('connect EACCES /var/run/docker.sock');
    const shape = { code: 'EACCES', syscall: 'connect', address: '/var/run/docker.sock' };
    expect(explainEngineError(Object.assign(fault, shape))).toMatchObject({
      message: expect.stringMatching(/^this user may not use the Docker engine/),
    });
  });

  test('a full disk during a build keeps the output of the step', () => {
    const failed = new CommandFailed('Building a failed', 'tar: write: No space left on device');
    expect(explainEngineError(failed)).toMatchObject({
      message: expect.stringMatching(/^the disk of the Docker engine is full/),
      output: 'tar: write: No space left on device',
    });
  });
});

test('our own faults are not taken for the engine’s', () => {
  const bug = new Error('bug');
  const missing = Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' });
  expect([explainEngineError(bug), explainEngineError(missing)]).toEqual([bug, missing]);
});

test.each(['1.24', '1.34', '0.99'])('an engine of API %s is too old', (version) => {
  expect(() => requireApi(version, 'unix:///s')).toThrow(/is too old \(API .* is needed\)/);
});

test.each(['1.35', '1.41', '1.100', '2.0'])('an engine of API %s is new enough', (version) => {
  expect(() => requireApi(version, 'unix:///s')).not.toThrow();
});

describe('the platform of a build', () => {
  test('is linux and an architecture', () => {
    expect(readPlatform('linux/arm64/v8')).toBe('linux/arm64/v8');
    expect(() => readPlatform('arm64')).toThrow(/"arm64" is not a platform/);
    expect(samePlatform('linux/arm64/v8', 'linux/arm64')).toBe(true);
    expect(samePlatform('linux/amd64', 'linux/arm64')).toBe(false);
  });

  test('that the engine cannot run is told in one sentence, other failures are kept', () => {
    const cannot = new CommandFailed('failed', 'exec /bin/sh: exec format error');
    expect(explainForeign(cannot, 'linux/arm64', 'linux/amd64')).toMatchObject({
      message: expect.stringMatching(/^this engine is linux\/amd64 and cannot run programs for/),
    });
    const other = new CommandFailed('failed', 'E: no such package');
    expect(explainForeign(other, 'linux/arm64', 'linux/amd64')).toBe(other);
  });
});
