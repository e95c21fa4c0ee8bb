import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../entrypoint/cli/errors.ts';
import { report } from '../../../entrypoint/cli/report-error.ts';

const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
/** Each run after the first starts in half the time. */
const COMPILED = new URL('../../../node_modules/.cache/node', import.meta.url).pathname;

const NOWHERE =
  /^hikyaku: "\/nowhere\.yaml" does not exist: give the path of a file on this machine .*\n$/;

describe('./hikyaku', () => {
  test.each([
    [['help'], EXIT.ok, /^$/],
    [['bulid'], EXIT.usage, /^hikyaku: there is no verb "bulid" \(did you mean build\?\); .*\n$/],
    [
      ['build', '--tga', 'a:b'],
      EXIT.usage,
      /^hikyaku: there is no option --tga \(did you mean --tag\?\); "\.\/hikyaku help build" .*\n$/,
    ],
    [['build', '--tag', 'A B'], EXIT.usage, /^hikyaku: "A B" is not a name for an image: .*\n$/],
    [['verify'], EXIT.usage, /^hikyaku: IMAGE is missing; .*\n$/],
    [['check', 'a', 'b'], EXIT.usage, /^hikyaku: "b" is one word too many; .*\n$/],
    [['status'], EXIT.usage, /^hikyaku: RELAY is missing, the name of the container; .*\n$/],
    [
      ['logs', ''],
      EXIT.usage,
      /^hikyaku: a name or a value is empty; "\.\/hikyaku help logs" .*\n$/,
    ],
    [['run', 'a.yaml', '--name='], EXIT.usage, /^hikyaku: a name or a value is empty; .*\n$/],
    [['inspect', 'a:b'], EXIT.unavailable, /^hikyaku: there is no Docker engine at .*\n$/],
    [['check', '/nowhere.yaml'], EXIT.system, NOWHERE],
    [['bake', '/nowhere.yaml'], EXIT.system, NOWHERE],
    [['run', '/nowhere.yaml'], EXIT.system, NOWHERE],
    [['migrate', '/nowhere.yaml'], EXIT.system, /^hikyaku: \/nowhere.yaml cannot be read: .*\n$/],
    [['bake', '/tmp'], EXIT.system, /^hikyaku: "\/tmp" is a directory: .*\n$/],
    [['queue', 'retry'], EXIT.unavailable, /^hikyaku: there is no Docker engine at .*\n$/],
    [['start'], EXIT.usage, /^hikyaku: there is no verb "start".*\n$/],
    [['help', 'doctor'], EXIT.ok, /^$/],
    [['version'], EXIT.ok, /^$/],
    [['--version'], EXIT.ok, /^$/],
    [['version', 'x'], EXIT.usage, /^hikyaku: "x" is one word too many; .*\n$/],
    [[], EXIT.usage, /^$/],
    [
      ['reolad'],
      EXIT.usage,
      /^hikyaku: there is no verb "reolad" \(did you mean reload\?\); .*\n$/,
    ],
  ])('%j ends with %i', (words, code, said) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', NODE_COMPILE_CACHE: COMPILED },
      encoding: 'utf8',
    });
    expect(stderr).toMatch(said);
    expect(status).toBe(code);
  });
});

test('output that cannot be written is told, and the exit code says so', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'help'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(stderr).toMatch(/^hikyaku: the output cannot be written \(ENOSPC\): .*\n$/);
  expect(status).toBe(EXIT.system);
});

test('a fault of ours ends with 70, and shows where it was', () => {
  const said: string[] = [];
  const screen = { json: false, print: () => {}, warn: (line: string) => said.push(line) };
  expect(report(new Error('oops'), screen)).toBe(EXIT.bug);
  expect(said.join('\n')).toMatch(/please report it: Error\n +at .*main\.test\.ts/);
});
