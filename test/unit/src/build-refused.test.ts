import { expect, test } from 'vitest';
import { buildImage } from '../../../src/docker/build.ts';
import { createProgress } from '../../../src/progress.ts';
import { Folder } from '../entrypoint/support/folder.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

test('a build ends when the engine refuses it before it has read the context', async () => {
  using folder = new Folder();
  folder.write('Dockerfile', 'FROM scratch');
  // Larger than all buffers on the way.
  folder.write('large', Buffer.alloc(32 * 2 ** 20));
  await using engine = await loopbackEngine((_, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{"message":"no such platform"}');
  });
  const context = { root: folder.path, entries: ['Dockerfile', 'large'], ignore: '' };
  const recipe = { tag: 'a:b', dockerfile: 'Dockerfile', context };
  await expect(
    buildImage(engine.docker, recipe, {}, createProgress({ write: () => {} })),
  ).rejects.toThrow();
});
