import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../entrypoint/cli/errors.ts';
import { report } from '../../../entrypoint/cli/report-error.ts';

const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
/** Each run after the first starts in half the time. */
const COMPILED = new URL('../../../node_modules/.cache/node', import.meta.url).pathname;

describe('./hikyaku', () => {
  test.each([
    [['help'], EXIT.ok, ''],
    [[], EXIT.usage, ''],
    [['help', 'doctor'], EXIT.ok, ''],
    [['version'], EXIT.ok, ''],
    [['bulid'], EXIT.usage, 'build?'],
    [['reolad'], EXIT.usage, 'reload?'],
    [['build', '--tga', 'a:b'], EXIT.usage, '--tag?'],
    [['status'], EXIT.usage, 'RELAY'],
    [['start'], EXIT.usage, '"start"'],
    [['inspect', 'a:b'], EXIT.unavailable, '/nowhere/docker.sock'],
    [['queue', 'retry'], EXIT.unavailable, '/nowhere/docker.sock'],
    [['check', '/nowhere.yaml'], EXIT.system, '/nowhere.yaml'],
    [['bake', '/tmp'], EXIT.system, '/tmp'],
    [['migrate', '/nowhere.yaml'], EXIT.system, '/nowhere.yaml'],
  ])('%j ends with %i', (words, code, named) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', NODE_COMPILE_CACHE: COMPILED },
      encoding: 'utf8',
    });
    expect(status).toBe(code);
    expect(stderr).toMatch(named === '' ? /^$/ : /^hikyaku: .*\n$/);
    expect(stderr).toContain(named);
  });
});

test('output that cannot be written is told, and the exit code says so', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'help'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(stderr).toMatch(/^hikyaku: .*ENOSPC.*\n$/);
  expect(status).toBe(EXIT.system);
});

test('a fault of ours ends with 70, and shows where it was', () => {
  const said: string[] = [];
  const screen = { json: false, print: () => {}, warn: (line: string) => said.push(line) };
  expect(report(new Error('oops'), screen)).toBe(EXIT.bug);
  expect(said.join('\n')).toMatch(/: Error\n +at .*main\.test\.ts/);
});
