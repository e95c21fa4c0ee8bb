import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { contextFromDockerignore, outermost, packContext } from '../../../src/docker/context.ts';
import { relayImage } from '../../../src/relay-image.ts';
import { Folder } from '../entrypoint/support/folder.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

test('a .dockerignore of the allow-list form tells the entries of the context and what is left out of them', () => {
  const text = '# only this\n*\n!package.json\n!entrypoint\nentrypoint/node_modules\n\n';
  expect(contextFromDockerignore(text)).toEqual({
    entries: ['package.json', 'entrypoint'],
    exclude: ['entrypoint/node_modules'],
  });
});

test('a .dockerignore of another form is refused', () => {
  expect(() => contextFromDockerignore('node_modules\n')).toThrow('must begin with "*"');
});

test('an entry inside another one is packed once', () => {
  expect(outermost(['a/b', 'a', 'ab', '.npmrc'])).toEqual(['a', 'ab', '.npmrc']);
});

test('what the relay’s image is made from has no secret, no .env and no node_modules in it', async () => {
  using folder = new Folder();
  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(folder.path, name)), { recursive: true });
    folder.write(name, content);
  };
  write('.dockerignore', readFileSync(path.join(ROOT, '.dockerignore'), 'utf8'));
  const { context } = await relayImage(folder.path);
  for (const name of context.entries) {
    const isFolder = statSync(path.join(ROOT, name)).isDirectory();
    for (const place of isFolder ? [`${name}/`] : []) {
      write(`${place}ours`, 'of the project');
      write(`${place}.env`, 'RELAY_PASSWORD=piyopiyo');
      write(`${place}deep/.env.local`, 'RELAY_PASSWORD=piyopiyo');
      write(`${place}secrets/isp`, 'piyopiyo');
      write(`${place}node_modules/a/index.js`, 'piyopiyo');
    }
    if (!isFolder) write(name, 'of the project');
  }
  for (const stray of ['.env', 'secrets/isp', 'relay.yaml', 'node_modules/a', 'docs/a']) {
    write(stray, 'piyopiyo');
  }
  const { stream, done } = packContext(context);
  const [packed] = await Promise.all([text(stream), done]);
  expect(packed).toContain('entrypoint/ours');
  expect(packed).not.toMatch(/piyopiyo|node_modules|secrets|\.env/);
});
