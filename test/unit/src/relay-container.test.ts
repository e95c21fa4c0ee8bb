import { describe, expect, test } from 'vitest';
import { RelayContainer } from '../../../src/docker/relay-container.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

/** An engine with one container, which is found by its name alone. */
const engineWith = (name: string, labels: Readonly<Record<string, string>>) =>
  loopbackEngine(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json');
    if (url.startsWith('/containers/json')) {
      const { label = [] } = JSON.parse(
        new URL(url, 'http://engine.example').searchParams.get('filters') ?? '{}',
      );
      const isListed = label.every((one: string) =>
        Object.entries(labels).some((pair) => pair.join('=') === one),
      );
      response.end(JSON.stringify(isListed ? [{ Names: [`/${name}`] }] : []));
    } else if (url === `/containers/${name}/json`) {
      const Config = { Labels: labels, Image: 'somebody/web:1', Tty: false };
      response.end(JSON.stringify({ State: { Running: true }, Config, Mounts: [] }));
    } else {
      response.writeHead(404).end('{"message":"No such container"}');
    }
  });

const OURS = { 'org.opencontainers.image.title': 'Hikyaku' };

describe('a container', () => {
  test('of a relay is found', async () => {
    await using engine = await engineWith('relay', OURS);
    expect(await RelayContainer.find(engine.docker, 'relay')).toMatchObject({ isRunning: true });
  });

  test('of another program is refused with 1, whatever is wanted of it', async () => {
    await using engine = await engineWith('web', {});
    await expect(RelayContainer.find(engine.docker, 'web')).rejects.toMatchObject({
      message: expect.stringMatching(/"web".*"somebody\/web:1"/),
      exitCode: 1,
    });
  });

  test('that is not there is told with the relay whose name is near', async () => {
    await using engine = await engineWith('relay', OURS);
    await expect(RelayContainer.find(engine.docker, 'rely')).rejects.toMatchObject({
      message: expect.stringMatching(/"rely".* relay\?/),
      exitCode: 71,
    });
    await expect(RelayContainer.find(engine.docker, 'nas')).rejects.toMatchObject({
      message: expect.stringMatching(/^[^?]*"nas"[^?]*$/),
    });
  });

  test('of another program is not what somebody meant', async () => {
    await using engine = await engineWith('relay', {});
    await expect(RelayContainer.find(engine.docker, 'rely')).rejects.toThrow(/^[^?]*"rely"[^?]*$/);
  });
});
