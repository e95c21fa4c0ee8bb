import { describe, expect, test } from 'vitest';
import type { Docker } from '../../../src/docker/engine.ts';
import { imageFacts } from '../../../src/docker/image-facts.ts';
import { imageId, pullImage, requireRelay } from '../../../src/docker/images.ts';
import { loopbackEngine as engine } from './support/loopback-engine.ts';

const pull = (docker: Docker, name: string, silenceMs: number, hear = (_: string) => {}) =>
  pullImage(docker, name, silenceMs, hear);

test('a pull that the engine never answers is given up', async () => {
  await using silent = await engine(() => {});
  expect(await pull(silent.docker, 'debian:trixie-slim', 200)).toBe('no answer in 0.2 s');
});

test('a pull that falls silent in the middle is given up', async () => {
  await using stalling = await engine((_, response) => {
    response.write('{"status":"Pulling fs layer","id":"7d63"}\n');
  });
  const heard: string[] = [];
  const reason = await pull(stalling.docker, 'debian:trixie-slim', 200, (text) => {
    heard.push(text);
  });
  expect(reason).toBe('no answer in 0.2 s');
  expect(heard).toEqual(['Pulling fs layer']);
});

test('a pull fails with the reason that the engine gives, before the stream or in it', async () => {
  await using refusing = await engine((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"message":"no such host"}');
  });
  await using failing = await engine((_, response) => {
    response.end('{"error":"toomanyrequests: slow down"}\n');
  });
  expect(await pull(refusing.docker, 'a:b', 5000)).toBe('no such host');
  expect(await pull(failing.docker, 'a:b', 5000)).toBe('toomanyrequests: slow down');
});

test('a pull asks for the one tag', async () => {
  const urls: (string | undefined)[] = [];
  await using obliging = await engine(({ url }, response) => {
    urls.push(url);
    response.end('{"status":"Status: Downloaded newer image"}\n');
  });
  expect(await pull(obliging.docker, 'node:26-trixie-slim', 5000)).toBeUndefined();
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
  ])('is told in the same words %s', async (_, ask: (d: Docker, n: string) => Promise<unknown>) => {
    await using empty = await absent();
    await expect(ask(empty.docker, 'nowhere:dev')).rejects.toMatchObject({
      message: expect.stringContaining('"nowhere:dev"'),
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
    message: expect.stringContaining('"a:b"'),
    exitCode: 1,
  });
});

test.each(['a', 'registry.example:5000/a-b/c_d.e:1.0', 'a@sha256:0123', 'sha256:0123', '0123'])(
  '%j is asked for',
  async (name) => {
    await using knowing = await engine((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"Id":"sha256:it"}');
    });
    expect(await imageId(knowing.docker, name)).toBe('sha256:it');
  },
);
