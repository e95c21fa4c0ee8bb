import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { removeAbandoned } from '../../../src/docker/scratch.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

/** An engine with a container and a network of a run that is gone, and what it says to their removal. */
const engineThatSays = (container: string, network: string) =>
  loopbackEngine(({ url = '', method }, response) => {
    response.setHeader('content-type', 'application/json');
    const Labels = {
      'hikyaku.scratch.run': 'abc',
      'hikyaku.scratch.owner': `${hostname()}/999999999`,
    };
    if (method === 'DELETE') {
      response.statusCode = url.startsWith('/containers') ? 409 : 403;
      response.end(JSON.stringify({ message: response.statusCode === 409 ? container : network }));
    } else if (url.startsWith('/volumes')) response.end('{"Volumes":null}');
    else response.end(JSON.stringify([{ Id: 'left', Labels }]));
  });

const UNDER_WAY = 'removal of container left is already in progress';

test('what the engine is removing still is no reason to stop', async () => {
  await using busy = await engineThatSays(UNDER_WAY, 'network left has active endpoints');
  await removeAbandoned(busy.docker);
});

test('an engine that may not remove anything is', async () => {
  await using strict = await engineThatSays(UNDER_WAY, 'permission denied by a plugin');
  await expect(removeAbandoned(strict.docker)).rejects.toThrow('permission denied by a plugin');
});
