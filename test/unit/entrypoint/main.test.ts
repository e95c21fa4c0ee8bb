import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import about from '../../../package.json' with { type: 'json' };
import { Folder } from './support/folder.ts';

const MAIN = new URL('../../../entrypoint/main.ts', import.meta.url).pathname;
/** Each run after the first starts in half the time. */
const COMPILED = new URL('../../../node_modules/.cache/node', import.meta.url).pathname;

function hikyaku(words: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    env: {
      RELAY_CONFIG: 'myhostname: relay.example',
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
    },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the program', () => {
  test('shows the policy of good settings, and ends with 0', () => {
    const { status, stdout, stderr } = hikyaku(['check']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^name: relay\.example;/);
    expect(stdout).toMatch(/\nthe settings are good\n$/);
    expect(status).toBe(0);
  });

  test('names every problem of wrong ones, a line each, and ends with 78', () => {
    const wrong = { RELAY_PORT: '0', RELAY_PASSWROD: 'piyopiyo', RELAY_LISTEN: '25, 25' };
    for (const verb of ['check', 'start', 'render']) {
      expect(hikyaku([verb], wrong)).toEqual({
        status: 78,
        stdout: '',
        stderr: expect.stringMatching(
          /^hikyaku: error: RELAY_PASSWROD: .*\n.*error: RELAY_PORT: .*\n.*error: RELAY_PORT: .*\n.*error: RELAY_LISTEN: .*\n$/,
        ),
      });
    }
  });

  test('names them for machines too', () => {
    const { status, stdout, stderr } = hikyaku(['check', '--json'], { RELAY_LISTEN: ',' });
    expect({ status, stderr, said: JSON.parse(stdout) }).toEqual({
      status: 78,
      stderr: '',
      said: {
        ok: false,
        problems: [
          {
            where: 'RELAY_LISTEN',
            wrong: 'names no port',
            right: 'use 25, 587',
            severity: 'error',
            setting: 'listen',
          },
        ],
      },
    });
  });

  test('warns and goes on', () => {
    const { status, stderr } = hikyaku(['check'], { RELAY_NETWORKS: ',' });
    expect(stderr).toMatch(/^hikyaku: warning: RELAY_NETWORKS: /);
    expect(status).toBe(0);
  });

  test('renders every file with its mode, and no secret', () => {
    const relay = {
      RELAY_HOST: 'mail.isp.example',
      RELAY_USERNAME: 'hoge',
      RELAY_PASSWORD: 'piyopiyo',
    };
    const { status, stdout } = hikyaku(['render'], relay);
    expect(status).toBe(0);
    expect(stdout).toContain('==> /etc/postfix/main.cf (mode 0644)\n');
    expect(stdout).toContain('==> /etc/postfix/sasl_passwd (mode 0600)\n');
    expect(stdout).toContain('[mail.isp.example]:587\thoge:***\n');
    expect(stdout).not.toContain('piyopiyo');
  });

  test.each([
    [['no-such-verb'], /no-such-verb/],
    [['statis'], /statis.* status\?/],
    [['--json', 'check'], /--json/],
    [['health', '--json'], /--json.*hikyaku help health/],
    [['doctor', 'user@x.example'], /user@x\.example/],
    [['check', '--jsno'], /--jsno.* --json\?.*hikyaku help check/],
    [['test', '--from'], /--from/],
    [['help', 'no-such-setting'], /no-such-setting/],
  ])('ends with 64 for %j', (words, said) => {
    const { status, stdout, stderr } = hikyaku(words);
    expect(stderr).toMatch(said);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  });

  test.each([[['--help']], [['-h']], [['help']]])('lists its verbs for %j', (words) => {
    const { status, stdout } = hikyaku(words);
    expect(stdout).toMatch(/^Usage: hikyaku VERB \[options\]\n\n {2}setup {2,}/);
    expect(status).toBe(0);
  });

  test('without a verb lists them as well, and ends with 64', () => {
    const { status, stdout, stderr } = hikyaku([]);
    expect({ status, stderr }).toEqual({ status: 64, stderr: '' });
    expect(stdout).toMatch(/^Usage: hikyaku VERB/);
  });

  test.each(['version', '--version'])('tells its version, the one of the package (%s)', (word) => {
    const { status, stdout } = hikyaku([word]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `hikyaku ${about.version}\n` });
  });

  test('check reads the file that is named', () => {
    using folder = new Folder();
    const file = folder.write('other.yaml', 'myhostname: other.example');
    const { status, stdout } = hikyaku(['check', file], { RELAY_CONFIG: '' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^name: other\.example;/);
  });

  test('explains a verb that is called with --help, and does not run it', () => {
    expect(hikyaku(['start', '--help'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Usage: hikyaku start\n\n\S/),
      stderr: '',
    });
  });
});
