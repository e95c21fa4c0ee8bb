import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { problemLine } from '../../../../entrypoint/messages/problem.ts';
import { plainly } from '../support/plainly.ts';

const read = (text: string) => plainly(readRelayFile('relay.yaml', text));
const wheres = (text: string) =>
  readRelayFile('relay.yaml', text).problems.map(({ where }) => where);

describe('a value in the file', () => {
  test.each([
    ['myhostname: linux.myhome.net', { myhostname: 'linux.myhome.net' }],
    ['relay:\n  host: mail.isp.example', { 'relay.host': 'mail.isp.example' }],
    ['relay: {host: a, port: 587}', { 'relay.host': 'a', 'relay.port': '587' }],
    ['relay:\n  port: 007', { 'relay.port': '007' }],
    ['relay:\n  mx: no', { 'relay.mx': 'no' }],
    ['relay:\n  username: "null"', { 'relay.username': 'null' }],
    ['relay:\n  password: 1e3', { 'relay.password': '1e3' }],
    ['relay:\n  password: 0x10', { 'relay.password': '0x10' }],
    ['relay:\n  password: 2001-01-01', { 'relay.password': '2001-01-01' }],
    ['relay:\n  password: "a # \\" \\\\ b"', { 'relay.password': 'a # " \\ b' }],
    ["relay:\n  password: ' it''s '", { 'relay.password': " it's " }],
    ['networks: [attached, 192.168.1.0/24]', { networks: ['attached', '192.168.1.0/24'] }],
    ['networks:\n  - attached\n  - host', { networks: ['attached', 'host'] }],
    ['networks: attached, host', { networks: ['attached', 'host'] }],
    ['networks: []', { networks: [] }],
    ['listen: [25, 0587]', { listen: ['25', '0587'] }],
    ['generic:\n  a@b.c: d@e.f', { generic: [['a@b.c', 'd@e.f']] }],
    ['generic:\n  "@b.c": d@e.f', { generic: [['@b.c', 'd@e.f']] }],
    ['virtual:\n  root: [a@b.c, d]', { virtual: [['root', 'a@b.c, d']] }],
    ['virtual:\n  root:\n    - a@b.c\n    - d', { virtual: [['root', 'a@b.c, d']] }],
    ['relay:\n  password: "a #b" # c', { 'relay.password': 'a #b' }],
    [
      'relay:\n  password: a#b\n  # c\n  host: d # e',
      { 'relay.password': 'a#b', 'relay.host': 'd' },
    ],
    ['relay:\n  password: a\n# b\n', { 'relay.password': 'a' }],
    ['relay:\n  password: a\n  # b\n', { 'relay.password': 'a' }],
    ['generic: a@b.c=d@e.f', { generic: [['a@b.c', 'd@e.f']] }],
    ['generic: {}', { generic: [] }],
    ['postfix:\n  smtp_bind_address: ""', { postfix: [['smtp_bind_address', '']] }],
    ['local:\n  domains: [a.example]', { 'local.domains': ['a.example'] }],
    [
      'accounts:\n  - sender: a@b.c\n    port: 25',
      {
        'accounts.0.sender': 'a@b.c',
        'accounts.0.port': '25',
      },
    ],
    ['relay:\n  backups:\n    - host: b', { 'relay.backups.0.host': 'b' }],
    ['\ufeffmyhostname: a\r\nmyorigin: b\r\n', { myhostname: 'a', myorigin: 'b' }],
    ['---\nmyhostname: a\n...\n', { myhostname: 'a' }],
  ])('%j is read as text', (text, values) => {
    expect(read(text)).toEqual({ values, files: {}, problems: [] });
  });

  test.each([
    '',
    '# nothing yet\n',
    '---\n',
    'myhostname:',
    'myhostname: ""',
    'relay:',
    'relay: {host}',
    'networks:',
    'generic:',
    'accounts:',
    'relay:\n  password_file:',
  ])('%j gives nothing', (text) => {
    expect(read(text)).toEqual({ values: {}, files: {}, problems: [] });
  });

  test('keeps its line and column', () => {
    const given = readRelayFile('relay.yaml', 'relay:\n  host: a\nnetworks:\n  - b\n  - c\n');
    expect(given.values.get('relay.host')?.where).toBe('relay.yaml:2:3 relay.host');
    const networks = given.values.get('networks');
    expect(networks?.shape === 'list' ? networks.items.map(({ where }) => where) : []).toEqual([
      'relay.yaml:4:5 networks',
      'relay.yaml:5:5 networks',
    ]);
  });

  test('keeps its line when the name of the file has a blank in it', () => {
    const given = readRelayFile('my relay.yaml', 'networks:\n  - b\n');
    const networks = given.values.get('networks');
    expect(networks?.shape === 'list' ? networks.items[0]?.where : '').toBe(
      'my relay.yaml:2:5 networks',
    );
  });
});

describe('the file of a secret', () => {
  test.each([
    ['relay:\n  password_file: /run/secrets/a', { 'relay.password': '/run/secrets/a' }],
    ['accounts:\n  - password_file: /b', { 'accounts.0.password': '/b' }],
    ['database: {password_file: /c}', { 'database.password': '/c' }],
    ['relay:\n  backups:\n    - password_file: /d', { 'relay.backups.0.password': '/d' }],
  ])('%j is kept apart, to be read later', (text, files) => {
    expect(read(text)).toEqual({ values: {}, files, problems: [] });
  });

  test.each(['relay:\n  password_file: [a]', 'relay:\n  password_file: {a: b}'])(
    '%j is refused',
    (text) => {
      expect(read(text).problems).toEqual(['error relay.yaml:2:3 relay.password_file']);
    },
  );
});

describe('a wrong file', () => {
  test.each([
    ['myhostnam: a', '1:1 myhostnam'],
    ['relay:\n  hots: a', '2:3 relay.hots'],
    ['relay:\n  passwordfile: a', '2:3 relay.passwordfile'],
    ['host: a', '1:1 host'],
    ['RELAY_HOST: a', '1:1 RELAY_HOST'],
    ['relay.host: a', '1:1 relay.host'],
    ['relay: {networks: a}', '1:9 relay.networks'],
    ['mynetworks: a', '1:1 mynetworks'],
    ['relay: {server: a}', '1:9 relay.server'],
    ['relay: {pwd: secret}', '1:9 relay.pwd'],
    ['database_driver: a', '1:1 database_driver'],
    ['smtp_helo_timeout: a', '1:1 smtp_helo_timeout'],
    ['nonsense: a', '1:1 nonsense'],
    ['accounts:\n  - relay: a', '2:5 accounts[0].relay'],
    ['relay:\n  username_file: /a', '2:3 relay.username_file'],
    ['__proto__: a', '1:1 __proto__'],
    ['constructor: a', '1:1 constructor'],
    ['relay:\n  toString_file: a', '2:3 relay.toString_file'],
    ['? [a]\n: b', '1:3'],
    ['<<: {a: b}', '1:1'],
    ['&a', '1:3'],
    ['%secrets', '1:1'],
    ['relay: {password:secret}', '1:9 relay'],
    ['secret', '1:1'],
    ['- secret', '1:1'],
    ['relay: secret', '1:8 relay'],
    ['relay:\n  password:secret', '2:3 relay'],
    ['accounts:\n  - secret', '2:5 accounts[0]'],
    ['accounts: secret', '1:1 accounts'],
    ['accounts:\n  sender: a', '1:1 accounts'],
    ['relay:\n  password: [secret]', '2:3 relay.password'],
    ['relay:\n  port: {a: b}', '2:3 relay.port'],
    ['networks:\n  a: b', '1:1 networks'],
    ['generic:\n  - a', '1:1 generic'],
    ['networks:\n  - [a]', '2:5 networks'],
    ['generic:\n  a@b.c: [d@e.f]', '2:3 generic'],
    ['myorigin: b\nmyhostname: *a', '2:1 myhostname'],
    ['relay: *a', '1:1 relay'],
    ['myorigin: &a b', '1:1 myorigin'],
    ['myorigin: !!str b', '1:1 myorigin'],
    ['relay:\n  host: null', '2:3 relay.host'],
    ['generic: {"@a.example": ~}', '1:11 generic'],
    ['networks: [null]', '1:12 networks'],
    ['a: 1\n---\nb: 2', '2:1'],
    ['myorigin: a\nmyorigin: b', '2:1 myorigin'],
    ['generic:\n  a@b.c: d@e.f\n  a@b.c: g@h.i', '3:3 generic'],
    ['relay:\n\thost: a', '2:1'],
    ['relay:\n  host: a\n   port: 1', '2:9'],
    ['relay:\n  password: secret: x', '2:13'],
    ['relay:\n  password: "secret', '2:20'],
    ['relay:\n  password: @secret', '2:13'],
    ['relay:\n  password: "a\\secret"', '2:15'],
    ['relay:\n  password: !secret isp', '2:13'],
    ["relay:\n  password: 'secret' x", '2:22'],
  ])('%j is refused, with its place and nothing of its values', (text, place) => {
    expect(read(text).problems).toEqual([`error relay.yaml:${place}`]);
    const lines = readRelayFile('relay.yaml', text).problems.map(problemLine);
    expect(lines.join()).not.toMatch(/secret(?!s)/);
  });

  test('is reported on as a whole, not up to the first problem', () => {
    const text =
      'a: 1\nrelay:\n  b: 2\n  host: [x]\naccounts:\n  - c: 3\n  - d\nnetworks: {e: f}\n';
    expect(wheres(text)).toEqual([
      'relay.yaml:1:1 a',
      'relay.yaml:3:3 relay.b',
      'relay.yaml:4:3 relay.host',
      'relay.yaml:6:5 accounts[0].c',
      'relay.yaml:7:5 accounts[1]',
      'relay.yaml:8:1 networks',
    ]);
  });

  test.each(['[', '{a: ', '- ', '"', '&a '])(
    'of nothing but %j is refused in few words',
    (piece) => {
      const { length } = wheres(piece.repeat(20_000));
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(10);
    },
  );
});

describe('a password without quotes and with a comment behind it', () => {
  test.each([
    'relay:\n  password: secret #secret',
    'relay:\n  password: secret  # my own\n  host: a',
  ])('%j is warned of, and not shown', (text) => {
    expect(read(text).problems).toEqual(['warning relay.yaml:2:3 relay.password']);
    const [problem] = readRelayFile('relay.yaml', text).problems;
    expect(problem && problemLine(problem)).not.toContain('secret');
  });
});

test.each([
  ['relay:\n\thost: a', true],
  ['- a', true],
  ['a: 1\n---\nb: 2', true],
  ['relay:\n  hots: a', false],
  ['', false],
])('%j leaves open what else was given: %s', (text, isIncomplete) => {
  expect(readRelayFile('relay.yaml', text).isIncomplete).toBe(isIncomplete);
});
