import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { contextFromDockerignore, packContext } from '../../../src/docker/context.ts';
import { relayImage } from '../../../src/recipes.ts';
import { Folder } from '../entrypoint/support/folder.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

test('a .dockerignore of the allow-list form tells the entries of the context and what is left out of them', () => {
  const text = '# only this\n*\n!package.json\n!entrypoint\nentrypoint/node_modules\n\n';
  expect(contextFromDockerignore(text)).toEqual({
    entries: ['package.json', 'entrypoint'],
    ignore: text,
  });
});

test('a .dockerignore of another form is refused', () => {
  expect(() => contextFromDockerignore('node_modules\n')).toThrow('must begin with "*"');
});

test('a context that lacks an entry fails', async () => {
  using folder = new Folder();
  const context = { root: folder.path, entries: ['no-such-file'], ignore: '' };
  await expect(text(packContext(context))).rejects.toThrow('no-such-file');
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
  const packed = await text(packContext(context));
  expect(packed).toContain('entrypoint/ours');
  expect(packed).not.toMatch(/piyopiyo|node_modules|secrets|\.env/);
});
