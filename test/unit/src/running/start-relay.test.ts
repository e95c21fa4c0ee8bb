import { expect, test } from 'vitest';
import type { RelayRun } from '../../../../src/running/relay-run.ts';
import { startRelay } from '../../../../src/running/start-relay.ts';
import { loopbackEngine } from '../support/loopback-engine.ts';

const RUN: RelayRun = {
  ...{ name: 'relay', image: 'hikyaku:dev', network: 'mail', queue: 'relay-queue' },
  ...{ publications: [], files: new Map() },
};

/** A frame of a container's output (Docker Engine API, "Attach"). */
function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('a relay that ends between two looks is told with its log, not with what the engine says', async () => {
  let hasEnded = false;
  await using engine = await loopbackEngine(({ method, url = '' }, response) => {
    const path = url.replace(/\?.*/, '');
    const answer = (code: number, body: object) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (path === '/containers/create') answer(201, { Id: 'relay' });
    else if (path === '/containers/relay/exec') {
      hasEnded = true;
      answer(409, { message: 'Container relay is not running' });
    } else if (path === '/containers/relay/json') {
      const Labels = { 'org.opencontainers.image.title': 'Hikyaku' };
      const State = { Running: !hasEnded, Restarting: false };
      answer(200, { State, RestartCount: 0, Config: { Labels, Tty: false }, Mounts: [] });
    } else if (path === '/containers/relay/logs') response.end(frame('fatal: no room\n'));
    else if (method === 'GET' && !path.endsWith('/archive')) answer(200, {});
    else answer(path.endsWith('/start') ? 204 : 500, { message: 'no' });
  });
  const signal = new AbortController().signal;
  await expect(startRelay(engine.docker, RUN, signal)).rejects.toThrow(/\nfatal: no room/);
});
