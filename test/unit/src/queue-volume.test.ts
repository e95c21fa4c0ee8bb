import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasVolume, holdsMail } from '../../../src/docker/queue-volume.ts';
import { Folder } from '../entrypoint/support/folder.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

/** Whether a queue of these files holds mail, as the engine hands it over. */
async function holdsMailIn(...files: readonly string[]): Promise<boolean> {
  using folder = new Folder();
  for (const directory of ['maildrop', 'deferred/A', 'pid']) {
    mkdirSync(join(folder.path, 'postfix', directory), { recursive: true });
  }
  for (const file of files) folder.write(join('postfix', file), '');
  const archive = execFileSync('tar', ['-C', folder.path, '-cf', '-', 'postfix']);
  await using engine = await loopbackEngine((_, response) => response.end(archive));
  return await holdsMail(engine.docker.getContainer('relay'));
}

test.each([['deferred/A/4F2A1'], ['maildrop/4F2A1']])('%s is mail', async (file) => {
  expect(await holdsMailIn(file)).toBe(true);
});

test.each([
  ['is empty', ''],
  ['is cut off', 'deferred'.repeat(100)],
])('an archive that %s is no answer', async (_, archive) => {
  await using engine = await loopbackEngine((_request, response) => response.end(archive));
  await expect(holdsMail(engine.docker.getContainer('relay'))).rejects.toThrow();
});

test('the directories of the queue, and the files of the daemons, are none', async () => {
  expect(await holdsMailIn('pid/master.pid')).toBe(false);
});

test('a volume is there or is not', async () => {
  await using engine = await loopbackEngine(({ url }, response) => {
    response.setHeader('content-type', 'application/json');
    response.statusCode = url === '/volumes/relay-queue' ? 200 : 404;
    response.end('{"message":"no such volume"}');
  });
  expect(await hasVolume(engine.docker, 'relay-queue')).toBe(true);
  expect(await hasVolume(engine.docker, 'other-queue')).toBe(false);
});
