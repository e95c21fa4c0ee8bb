import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { problemLine } from '../../../../entrypoint/settings/problem.ts';
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
      const right = 'is not the name of a file; give a full path';
      expect(read(text).problems).toEqual([`error: relay.yaml:2:3 relay.password_file: ${right}`]);
    },
  );
});

describe('a wrong file', () => {
  const SEARCH = 'take it away, or look for the right name in docs/settings.md';
  test.each([
    ['myhostnam: a', '1:1 myhostnam: is not a setting; did you mean myhostname?'],
    ['relay:\n  hots: a', '2:3 relay.hots: is not a setting; did you mean host?'],
    [
      'relay:\n  passwordfile: a',
      '2:3 relay.passwordfile: is not a setting; did you mean password_file?',
    ],
    ['host: a', '1:1 host: is not a setting; write it as host, indented below relay'],
    ['RELAY_HOST: a', '1:1 RELAY_HOST: is not a setting; write it as host, indented below relay'],
    ['relay.host: a', '1:1 relay.host: is not a setting; write it as host, indented below relay'],
    [
      'relay: {networks: a}',
      '1:9 relay.networks: is not a setting; write it as networks, at the left margin',
    ],
    ['mynetworks: a', '1:1 mynetworks: is not a setting; did you mean networks?'],
    ['relay: {server: a}', '1:9 relay.server: is not a setting; did you mean host?'],
    ['relay: {pwd: secret}', '1:9 relay.pwd: is not a setting; did you mean password?'],
    [
      'database_driver: a',
      '1:1 database_driver: is not a setting; write it as driver, indented below database',
    ],
    [
      'smtp_helo_timeout: a',
      '1:1 smtp_helo_timeout: is not a setting; write it indented below postfix, if it is one of its parameters',
    ],
    ['nonsense: a', `1:1 nonsense: is not a setting; ${SEARCH}`],
    ['accounts:\n  - relay: a', `2:5 accounts[0].relay: is not a setting; ${SEARCH}`],
    [
      'relay:\n  username_file: /a',
      '2:3 relay.username_file: is not a setting; only a password can come from a file of its own: give username',
    ],
    ['__proto__: a', `1:1 __proto__: is not a setting; ${SEARCH}`],
    ['constructor: a', `1:1 constructor: is not a setting; ${SEARCH}`],
    ['relay:\n  toString_file: a', `2:3 relay.toString_file: is not a setting; ${SEARCH}`],
    ['? [a]\n: b', `1:3: is not a setting; ${SEARCH}`],
    ['<<: {a: b}', '1:1: is a YAML merge key ("<<"); write the values out'],
    [
      '&a',
      '1:3: has a YAML anchor ("&"); leave it out; if the "&" belongs to the value, put it in quotes',
    ],
    ['%secrets', '1:1: is not YAML (bad directive); mend the line, or put the value in quotes'],
    ['relay: {password:secret}', '1:9 relay: a colon has no blank behind it; write "name: value"'],
    ['secret', '1:1: settings are expected here; write the file as "name: value" lines'],
    ['- secret', '1:1: settings are expected here; write the file as "name: value" lines'],
    ['relay: secret', '1:8 relay: settings are expected here; write relay as "name: value" lines'],
    [
      'relay:\n  password:secret',
      '2:3 relay: settings are expected here; write relay as "name: value" lines',
    ],
    [
      'accounts:\n  - secret',
      '2:5 accounts[0]: settings are expected here; write accounts[0] as "name: value" lines',
    ],
    ['accounts: secret', '1:1 accounts: a list is expected here; start each entry with "- "'],
    ['accounts:\n  sender: a', '1:1 accounts: a list is expected here; start each entry with "- "'],
    [
      'relay:\n  password: [secret]',
      '2:3 relay.password: has another form than this setting takes; give one value',
    ],
    [
      'relay:\n  port: {a: b}',
      '2:3 relay.port: has another form than this setting takes; give one value',
    ],
    ['networks:\n  a: b', '1:1 networks: has another form than this setting takes; give a list'],
    [
      'generic:\n  - a',
      '1:1 generic: has another form than this setting takes; give "from: to" lines',
    ],
    [
      'networks:\n  - [a]',
      '2:5 networks: a list of plain values is expected here; give one value a line',
    ],
    [
      'generic:\n  a@b.c: [d@e.f]',
      '2:3 generic: one value is expected here; write it as "from: to"',
    ],
    ['myorigin: b\nmyhostname: *a', '2:1 myhostname: is a YAML alias; write the value out'],
    ['relay: *a', '1:1 relay: is a YAML alias; write the value out'],
    [
      'myorigin: &a b',
      '1:1 myorigin: has a YAML anchor ("&"); leave it out; if the "&" belongs to the value, put it in quotes',
    ],
    [
      'myorigin: !!str b',
      '1:1 myorigin: a tag ("!" and a name) means nothing here; write the value alone; if the "!" belongs to it, put it in quotes',
    ],
    [
      'relay:\n  host: null',
      '2:3 relay.host: is YAML\'s word for nothing ("null", "~"); take the line away, or put the word in quotes if it is meant',
    ],
    [
      'generic: {"@a.example": ~}',
      '1:11 generic: is YAML\'s word for nothing ("null", "~"); take the line away, or put the word in quotes if it is meant',
    ],
    [
      'networks: [null]',
      '1:12 networks: is YAML\'s word for nothing ("null", "~"); take the line away, or put the word in quotes if it is meant',
    ],
    ['a: 1\n---\nb: 2', '2:1: a second document starts here; keep everything in one document'],
    [
      'myorigin: a\nmyorigin: b',
      '2:1 myorigin: the same key stands here a second time; keep one of the two',
    ],
    [
      'generic:\n  a@b.c: d@e.f\n  a@b.c: g@h.i',
      '3:3 generic: the same key stands here a second time; keep one of the two',
    ],
    ['relay:\n\thost: a', '2:1: a tab is used to indent; use blanks, as YAML wants it'],
    [
      'relay:\n  host: a\n   port: 1',
      '2:9: a colon or the indentation is out of place; indent the lines of a section alike, and put a value with ": " in it in quotes',
    ],
    [
      'relay:\n  password: secret: x',
      '2:13: a colon or the indentation is out of place; indent the lines of a section alike, and put a value with ": " in it in quotes',
    ],
    ['relay:\n  password: "secret', '2:20: a quote, bracket or colon is missing; add it'],
    [
      'relay:\n  password: @secret',
      '2:13: a value cannot start with this character; put the value in quotes',
    ],
    [
      'relay:\n  password: "a\\secret"',
      '2:15: a backslash in double quotes starts an escape, and this is none; put the value in single quotes, where a backslash is just itself',
    ],
    [
      'relay:\n  password: !secret isp',
      '2:13: a tag ("!" and a name) means nothing here; write the value alone; if the "!" belongs to it, put it in quotes',
    ],
    [
      "relay:\n  password: 'secret' x",
      '2:22: something stands here that does not belong to what is before it; take it away, or put the whole value in quotes',
    ],
  ])('%j is refused, with its place and nothing of its values', (text, line) => {
    const { problems } = read(text);
    expect(problems).toEqual([`error: relay.yaml:${line}`]);
    expect(problems.join()).not.toMatch(/secret(?!s)/);
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
    const given = readRelayFile('relay.yaml', text);
    expect(given.problems.map(problemLine)).toEqual([
      'warning: relay.yaml:2:3 relay.password: ends at the " #" behind it, where YAML begins a comment; put it in single quotes if the rest belongs to it, or the comment on a line of its own',
    ]);
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
