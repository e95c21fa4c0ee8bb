import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempDisposableSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

// `./hikyaku` in the checkout: the command that every page and message names.

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

test('it runs from any directory and through a link, with arguments as they are', () => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'hikyaku-launcher-'));
  const link = path.join(folder.path, 'relay');
  symlinkSync(path.join(ROOT, 'hikyaku'), link);
  const { status, stderr } = spawnSync(link, ['check', '/no where.yaml'], {
    cwd: folder.path,
    encoding: 'utf8',
  });
  expect(stderr).toContain('"/no where.yaml"');
  expect(status).toBe(71);
});

test('it says what is missing where Node.js is not', () => {
  const { status, stderr } = spawnSync('/bin/sh', [path.join(ROOT, 'hikyaku')], {
    env: { PATH: '/nowhere' },
    encoding: 'utf8',
  });
  expect(status).toBe(71);
  expect(stderr).toContain('Node.js');
});

// On the registry that name is a stranger's: outside a checkout npx would run their program.
test('nothing in the repository tells anybody to type "npx" and that name', () => {
  const git = ['ls-files', '--', ':!hikyaku', ':!docs/decisions.md'];
  const tracked = execFileSync('git', git, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const name = ['npx', 'hikyaku'].join(' ');
  const { stdout } = spawnSync('grep', ['-lF', name, ...tracked], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toBe('');
});
