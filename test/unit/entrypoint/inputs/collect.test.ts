import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../../entrypoint/cli/verb.ts';
import { collect } from '../../../../entrypoint/inputs/collect.ts';
import { readFacts } from '../../../../entrypoint/inputs/gather-facts.ts';
import { Folder } from '../support/folder.ts';
import { plainly } from '../support/plainly.ts';

const NOWHERE = '/nowhere/relay.yaml';
const read = (environment: Environment, file = NOWHERE) => plainly(collect(environment, file));

describe('where the file is', () => {
  test('at its usual place, when nobody says otherwise', () => {
    using folder = new Folder();
    const file = folder.write('relay.yaml', 'myhostname: a');
    expect(read({}, file)).toMatchObject({ values: { myhostname: 'a' }, problems: [] });
  });

  test('nowhere: then there are the variables alone', () => {
    expect(read({ RELAY_HOST: 'a' })).toEqual({
      values: { 'relay.host': 'a' },
      files: {},
      problems: [],
    });
  });

  test('at the place that RELAY_CONFIG_FILE names', () => {
    using folder = new Folder();
    const usual = folder.write('relay.yaml', 'myhostname: a');
    const named = folder.write('other.yaml', 'myhostname: b\nnonsense: c');
    expect(read({ RELAY_CONFIG_FILE: named }, usual)).toMatchObject({
      values: { myhostname: 'b' },
      problems: ['error other.yaml:2:1 nonsense'],
    });
  });

  test('in RELAY_CONFIG itself', () => {
    using folder = new Folder();
    const usual = folder.write('relay.yaml', 'myhostname: a');
    expect(read({ RELAY_CONFIG: 'myhostname: b\nnonsense: c' }, usual)).toMatchObject({
      values: { myhostname: 'b' },
      problems: ['error RELAY_CONFIG:2:1 nonsense'],
    });
  });

  test('not in two places at once', () => {
    expect(read({ RELAY_CONFIG: 'a: b', RELAY_CONFIG_FILE: '/a' }).problems).toEqual([
      'error RELAY_CONFIG_FILE',
    ]);
  });

  test('not where there is none', () => {
    expect(read({ RELAY_CONFIG_FILE: NOWHERE }).problems).toEqual(['error RELAY_CONFIG_FILE']);
  });

  test('not at a directory, which is what Docker makes of a missing file', () => {
    using folder = new Folder();
    expect(read({}, folder.path).problems).toEqual([`error ${path.basename(folder.path)}`]);
  });
});

describe('a variable wins over the file', () => {
  const FILE = `
relay: {host: a, port: 25, username: hoge}
networks: [host]
generic: {a@b.c: d@e.f}
postfix: {hopcount_limit: 10, smtp_helo_name: a}
`;

  test('setting by setting, lists and tables as a whole', () => {
    const environment = {
      RELAY_CONFIG: FILE,
      RELAY_HOST: 'b',
      RELAY_NETWORKS: 'attached',
      RELAY_GENERIC: 'x@y.z=d@e.f',
    };
    expect(read(environment).values).toMatchObject({
      'relay.host': 'b',
      'relay.port': '25',
      networks: ['attached'],
      generic: [['x@y.z', 'd@e.f']],
    });
  });

  test('of postfix, parameter by parameter', () => {
    const environment = { RELAY_CONFIG: FILE, POSTFIX_hopcount_limit: '20', POSTFIX_biff: 'no' };
    expect(read(environment).values).toMatchObject({
      postfix: [
        ['smtp_helo_name', 'a'],
        ['biff', 'no'],
        ['hopcount_limit', '20'],
      ],
    });
  });

  test('an empty one does not', () => {
    expect(read({ RELAY_CONFIG: FILE, RELAY_HOST: '' }).values).toMatchObject({
      'relay.host': 'a',
    });
  });

  test('a password over the file of a password, which is then not even read', () => {
    const environment = {
      RELAY_CONFIG: `relay: {password_file: ${NOWHERE}}`,
      RELAY_PASSWORD: 'variable',
    };
    expect(read(environment)).toMatchObject({
      values: { 'relay.password': 'variable' },
      problems: [],
    });
  });

  test('the file of a password over a password', () => {
    using folder = new Folder();
    const environment = {
      RELAY_CONFIG: 'relay: {password: yaml}',
      RELAY_PASSWORD_FILE: folder.write('secret', 'file'),
    };
    expect(read(environment)).toMatchObject({ values: { 'relay.password': 'file' }, problems: [] });
  });
});

describe('a secret given in both forms is refused', () => {
  test('in variables', () => {
    using folder = new Folder();
    const environment = {
      RELAY_PASSWORD: 'a',
      RELAY_PASSWORD_FILE: folder.write('secret', 'b'),
    };
    expect(read(environment).problems).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test('in the file', () => {
    using folder = new Folder();
    const secret = folder.write('secret', 'b');
    const text = `relay:\n  password: a\n  password_file: ${secret}\n`;
    expect(read({ RELAY_CONFIG: text }).problems).toEqual([
      'error RELAY_CONFIG:3:3 relay.password_file',
    ]);
  });
});

describe('the file of a secret', () => {
  test.each([
    ['piyopiyo', 'piyopiyo'],
    ['piyopiyo\n', 'piyopiyo'],
    ['piyopiyo\r\n', 'piyopiyo'],
    ['piyopiyo\n\n', 'piyopiyo\n'],
    ['\npiyopiyo', '\npiyopiyo'],
    [' piyo piyo \n', ' piyo piyo '],
    ['\ufeffpiyopiyo', 'piyopiyo'],
    ['密碼🔑\n', '密碼🔑'],
    ['"$a\\n#', '"$a\\n#'],
  ])('that holds %j gives %j', (content, text) => {
    using folder = new Folder();
    expect(read({ RELAY_PASSWORD_FILE: folder.write('secret', content) })).toMatchObject({
      values: { 'relay.password': text },
      problems: [],
    });
  });

  test('is looked for wherever the file or a variable names one', () => {
    using folder = new Folder();
    const environment = {
      RELAY_DATABASE_PASSWORD_FILE: folder.write('a', 'a'),
      RELAY_CONFIG: `accounts:\n  - password_file: ${folder.write('b', 'b')}\n`,
    };
    expect(read(environment).values).toEqual({
      'database.password': 'a',
      'accounts.0.password': 'b',
    });
  });

  const refused = (file: string): readonly string[] => read({ RELAY_PASSWORD_FILE: file }).problems;

  test('must exist', () => {
    expect(refused('/tmp/nowhere/secret')).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test('must be a file', () => {
    using folder = new Folder();
    expect(refused(folder.path)).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test.each(['', '\n', '\r\n', '\ufeff'])('must hold more than %j', (content) => {
    using folder = new Folder();
    const file = folder.write('secret', content);
    expect(refused(file)).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test('must be UTF-8', () => {
    using folder = new Folder();
    const file = folder.write('secret', Buffer.from('pässword', 'latin1'));
    expect(refused(file)).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test('must be named by its full path: what is not one may be the secret itself', () => {
    expect(refused('piyopiyo')).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  // Root may read everything.
  test.skipIf(process.getuid?.() === 0)('must be readable', () => {
    using folder = new Folder();
    const file = folder.write('secret', 'piyopiyo');
    chmodSync(file, 0);
    expect(refused(file)).toEqual(['error RELAY_PASSWORD_FILE']);
  });

  test('must not be reached through a file', () => {
    using folder = new Folder();
    mkdirSync(`${folder.path}/a`);
    const file = `${folder.write('b', '')}/secret`;
    expect(refused(file)).toEqual(['error RELAY_PASSWORD_FILE']);
  });
});

describe('a file that is none', () => {
  test.each(['/dev/null', '/dev/zero', 'pipe', 'huge'])('is not read: %s', (name) => {
    using folder = new Folder();
    execFileSync('mkfifo', [`${folder.path}/pipe`]);
    truncateSync(folder.write('huge', ''), 2 ** 40);
    const file = name.startsWith('/') ? name : `${folder.path}/${name}`;
    expect(read({ RELAY_CONFIG_FILE: file, RELAY_PASSWORD_FILE: file }).problems).toEqual([
      'error RELAY_CONFIG_FILE',
      'error RELAY_PASSWORD_FILE',
    ]);
    const { caFiles } = readFacts(collect({ RELAY_CA_FILE: file }, NOWHERE));
    expect(caFiles.get(file)).toMatchObject({ wrong: expect.stringContaining(file) });
  });

  test('is not followed when it is a link to itself', () => {
    using folder = new Folder();
    const link = `${folder.path}/link`;
    symlinkSync(link, link);
    expect(read({ RELAY_PASSWORD_FILE: link }).problems).toEqual(['error RELAY_PASSWORD_FILE']);
  });
});
