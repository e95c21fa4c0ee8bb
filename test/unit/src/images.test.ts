import { describe, expect, test } from 'vitest';
import type { Docker } from '../../../src/docker/engine.ts';
import { explainEngineError } from '../../../src/docker/engine-errors.ts';
import { imageFacts } from '../../../src/docker/image-facts.ts';
import { imageId, pullImage, requireRelay } from '../../../src/docker/images.ts';
import { loopbackEngine as engine } from './support/loopback-engine.ts';

test('a pull that the engine never answers is given up', async () => {
  await using silent = await engine(() => {});
  expect(await pullImage(silent.docker, 'debian:trixie-slim', 200)).toEqual({
    pulled: false,
    reason: 'no answer in 0.2 s',
  });
});

test('a pull that falls silent in the middle is given up', async () => {
  await using stalling = await engine((_, response) => {
    response.write('{"status":"Pulling fs layer","id":"7d63"}\n');
  });
  const heard: string[] = [];
  const outcome = await pullImage(stalling.docker, 'debian:trixie-slim', 200, (text) => {
    heard.push(text);
  });
  expect(outcome).toEqual({ pulled: false, reason: 'no answer in 0.2 s' });
  expect(heard).toEqual(['7d63: Pulling fs layer']);
});

test('a pull fails with the reason that the engine gives, before the stream or in it', async () => {
  await using refusing = await engine((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"message":"no such host"}');
  });
  await using failing = await engine((_, response) => {
    response.end('{"error":"toomanyrequests: slow down"}\n');
  });
  expect(await pullImage(refusing.docker, 'a:b', 5000)).toEqual({
    pulled: false,
    reason: 'no such host',
  });
  expect(await pullImage(failing.docker, 'a:b', 5000)).toEqual({
    pulled: false,
    reason: 'toomanyrequests: slow down',
  });
});

test('a pull asks for the one tag', async () => {
  const urls: (string | undefined)[] = [];
  await using obliging = await engine(({ url }, response) => {
    urls.push(url);
    response.end('{"status":"Status: Downloaded newer image"}\n');
  });
  expect(await pullImage(obliging.docker, 'node:26-trixie-slim', 5000)).toEqual({ pulled: true });
  expect(urls).toEqual(['/images/create?fromImage=node&tag=26-trixie-slim']);
});

describe('an image that is not there', () => {
  const absent = () =>
    engine((_, response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"message":"No such image: nowhere:dev"}');
    });

  test('has no id', async () => {
    await using empty = await absent();
    expect(await imageId(empty.docker, 'nowhere:dev')).toBeUndefined();
  });

  test.each([
    ['where a relay is wanted', requireRelay],
    ['where it is looked into', imageFacts],
    [
      'where the engine says so itself',
      async (docker: Docker) => {
        throw explainEngineError(await docker.createContainer({}).catch((fault: unknown) => fault));
      },
    ],
  ])('is told in the same words %s', async (_, ask: (d: Docker, n: string) => Promise<unknown>) => {
    await using empty = await absent();
    await expect(ask(empty.docker, 'nowhere:dev')).rejects.toMatchObject({
      message:
        'there is no image "nowhere:dev" here: "docker images" lists those that are, "./hikyaku build" makes one of the relay',
      exitCode: 71,
    });
  });
});

test('an image that is no relay is refused with 1', async () => {
  await using other = await engine((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"Config":{"Labels":{"org.opencontainers.image.title":"Something"}}}');
  });
  await expect(requireRelay(other.docker, 'a:b')).rejects.toMatchObject({
    message: expect.stringMatching(/^the image "a:b" is no relay of Hikyaku, nor made from one: /),
    exitCode: 1,
  });
});

test('a long name is judged at once', async () => {
  await using never = await engine(() => {});
  const before = performance.now();
  expect(await imageId(never.docker, `${'_a_'.repeat(100)}!`)).toBe(undefined);
  expect(await imageId(never.docker, `a${'_'.repeat(400)}!`)).toBe(undefined);
  expect(performance.now() - before).toBeLessThan(1000);
});

test.each(['', '../containers', 'a/../../b', 'a b', '?all=1', 'a//..//b/./c'])(
  '%j is no image, and the engine is not asked',
  async (name) => {
    await using never = await engine((_, response) => {
      response.end('{"Id":"sha256:another"}');
    });
    expect(await imageId(never.docker, name)).toBe(undefined);
  },
);

test.each(['a', 'registry.example:5000/a-b/c_d.e:1.0', 'a@sha256:0123', 'sha256:0123', '0123'])(
  '%j is asked for',
  async (name) => {
    await using knowing = await engine((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"Id":"sha256:it"}');
    });
    expect(await imageId(knowing.docker, name)).toBe('sha256:it');
  },
);
