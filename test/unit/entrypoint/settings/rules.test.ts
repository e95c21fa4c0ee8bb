import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../../../entrypoint/cli/errors.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy, linesOf, problemsOf } from '../support/judge.ts';

const HOST = { RELAY_HOST: 'mail.isp.example' };
const LOGIN = { RELAY_USERNAME: 'hoge', RELAY_PASSWORD: 'piyopiyo' };

describe('settings that go well together', () => {
  test.each([
    ['direct delivery, asked for', { RELAY_TLS: 'opportunistic' }],
    ['a relay host', HOST],
    ['a relay host and a login', { ...HOST, ...LOGIN }],
    ['a login on 465', { ...HOST, ...LOGIN, RELAY_PORT: '465' }],
    ['a login over encrypt', { ...HOST, ...LOGIN, RELAY_TLS: 'encrypt' }],
    ['a login over dane', { ...HOST, ...LOGIN, RELAY_TLS: 'dane' }],
    ['no TLS without a login', { ...HOST, RELAY_TLS: 'none', RELAY_PORT: '25' }],
    ['direct delivery over dane', { RELAY_TLS: 'dane' }],
    ['an address with encrypt', { RELAY_HOST: '192.0.2.1', RELAY_TLS: 'encrypt' }],
    ['mechanisms with a login', { ...HOST, ...LOGIN, RELAY_MECHANISMS: 'plain, login' }],
    ['another parameter', { POSTFIX_hopcount_limit: '30' }],
    ['a mailbox and its domain', { RELAY_LOCAL_DOMAINS: 'a.example', RELAY_LOCAL_MAILBOXES: 'b' }],
    [
      'a domain of aliases',
      { RELAY_LOCAL_DOMAINS: 'a.example', RELAY_VIRTUAL: 'b@a.example=c@d.example' },
    ],
    [
      'two accounts',
      'accounts:\n- {sender: a@b.example, host: c}\n- {sender: "@b.example", host: c}',
    ],
    ['a backup', 'relay: {host: a, backups: [{host: b}, {host: c, port: 25}]}'],
    ['a backup on 465', 'relay: {host: a, port: 465, backups: [{host: b, port: 465}]}'],
    ['a database', 'database: {driver: mysql, hosts: [db], user: a, password: b, name: c}'],
    ['a sqlite database', 'database: {driver: sqlite, name: /data/accounts.sqlite}'],
    ['texthash, which no list shows', { RELAY_MAP_TYPE: 'texthash' }],
  ])('%s: no problem', (_, source) => {
    expect(problemsOf(source)).toEqual([]);
  });
});

describe('notices about mail that comes back without a provider', () => {
  const NAMED = { RELAY_MYHOSTNAME: 'mail.example.com' };
  const HOME = { ...NAMED, RELAY_GENERIC: '@home.lan=me@example.com' };

  test('are lost when the sender exists only at home', () => {
    expect(problemsOf(HOME)).toEqual([
      expect.stringMatching(/^warning RELAY_GENERIC -> .*RELAY_VIRTUAL/),
    ]);
  });

  test.each([
    { ...HOME, RELAY_VIRTUAL: '@home.lan=me@example.com' },
    { ...HOME, RELAY_DKIM_DOMAIN: 'example.com' },
    { ...HOME, RELAY_SEND_AS: 'me@example.com' },
    { ...HOME, RELAY_LOCAL_DOMAINS: 'home.lan', RELAY_LOCAL_MAILBOXES: 'me' },
    { ...HOME, RELAY_HOST: 'mail.isp.example' },
    { ...NAMED, RELAY_GENERIC: '@example.org=me@example.com' },
  ])('are not with %j', (source) => {
    expect(problemsOf(source)).toEqual([]);
  });
});

describe('settings that do not go together', () => {
  test.each([
    [
      { ...HOST, RELAY_USERNAME: 'hoge' },
      ['error RELAY_USERNAME -> RELAY_PASSWORD, RELAY_PASSWORD_FILE'],
    ],
    [{ ...HOST, RELAY_PASSWORD: 'piyopiyo' }, ['error RELAY_PASSWORD -> RELAY_USERNAME']],
    [{ ...HOST, ...LOGIN, RELAY_TLS: 'none' }, ['error RELAY_TLS']],
    [{ ...HOST, ...LOGIN, RELAY_TLS: 'opportunistic' }, ['error RELAY_TLS']],
    [{ ...HOST, RELAY_PORT: 'smtps', RELAY_TLS: 'none' }, ['error RELAY_TLS']],
    [{ RELAY_HOST: '192.0.2.1' }, ['error RELAY_HOST']],
    [{ RELAY_HOST: '2001:db8::1', RELAY_TLS: 'encrypt', RELAY_MX: 'yes' }, ['error RELAY_MX']],
    [{ ...HOST, RELAY_MECHANISMS: 'plain' }, ['warning RELAY_MECHANISMS -> RELAY_USERNAME']],
    [
      { ...LOGIN, RELAY_PORT: '587' },
      [
        'error RELAY_PORT -> RELAY_HOST',
        'error RELAY_USERNAME -> RELAY_HOST',
        'error RELAY_PASSWORD -> RELAY_HOST',
      ],
    ],
    [{ RELAY_MX: 'yes' }, ['error RELAY_MX -> RELAY_HOST']],
    [{ RELAY_CONNECTIONS: '5' }, ['error RELAY_CONNECTIONS -> RELAY_HOST']],
    [
      { RELAY_GENERIC: 'a@b.example=c@d.example, A@b.example=e@f.example' },
      ['error RELAY_GENERIC'],
    ],
    [{ RELAY_VIRTUAL: 'root=a@b.example, root=c@d.example' }, ['error RELAY_VIRTUAL']],
    [{ RELAY_NETWORKS: ',' }, ['warning RELAY_NETWORKS']],
    [{ RELAY_NETWORKS: '0.0.0.0/1, 128.0.0.0/1' }, ['error RELAY_NETWORKS']],
    [{ RELAY_NETWORKS: '!10.1.0.0/16, !10.2.0.0/16' }, ['error RELAY_NETWORKS']],
    [{ RELAY_NETWORKS: '10.1.0.0/16, !10.0.0.0/8' }, ['error RELAY_NETWORKS']],
    [{ RELAY_NETWORKS: '10.0.0.0/8, 10.1.0.0/16' }, ['warning RELAY_NETWORKS']],
    [{ RELAY_HOST: 'mail.isp.example', RELAY_PROVIDER: 'gmail' }, ['error RELAY_HOST']],
    [{ RELAY_LISTEN: ',' }, ['error RELAY_LISTEN']],
    [{ RELAY_LISTEN: '25, smtp' }, ['error RELAY_LISTEN']],
    [{ RELAY_LOCAL_MAILBOXES: 'hoge' }, ['error RELAY_LOCAL_MAILBOXES -> RELAY_LOCAL_DOMAINS']],
    [{ RELAY_LOCAL_DOMAINS: 'a.example' }, ['error RELAY_LOCAL_DOMAINS -> RELAY_LOCAL_MAILBOXES']],
    [{ POSTFIX_smtp_heloo_timeout: '9s' }, ['error POSTFIX_smtp_heloo_timeout']],
    [{ POSTFIX_no_such_thing_at_all: '1' }, ['error POSTFIX_no_such_thing_at_all']],
    [{ POSTFIX_relayhost: '[a]:25' }, ['error POSTFIX_relayhost -> RELAY_HOST']],
    [{ POSTFIX_mynetworks: '0.0.0.0/0' }, ['error POSTFIX_mynetworks -> RELAY_NETWORKS']],
    [{ POSTFIX_maillog_file: '/x' }, ['error POSTFIX_maillog_file']],
    [
      { RELAY_DATABASE_HOSTS: 'db', RELAY_DATABASE_NAME: 'mail' },
      [
        'error RELAY_DATABASE_HOSTS -> RELAY_DATABASE_DRIVER',
        'error RELAY_DATABASE_NAME -> RELAY_DATABASE_DRIVER',
      ],
    ],
    [
      { RELAY_DATABASE_DRIVER: 'pgsql' },
      [
        'error RELAY_DATABASE_DRIVER -> RELAY_DATABASE_NAME',
        'error RELAY_DATABASE_DRIVER -> RELAY_DATABASE_HOSTS',
      ],
    ],
    [
      { RELAY_DATABASE_DRIVER: 'sqlite', RELAY_DATABASE_NAME: 'mail', RELAY_DATABASE_HOSTS: 'db' },
      ['error RELAY_DATABASE_HOSTS', 'error RELAY_DATABASE_NAME'],
    ],
    [
      {
        RELAY_DATABASE_DRIVER: 'mysql',
        RELAY_DATABASE_NAME: 'mail',
        RELAY_DATABASE_HOSTS: 'db',
        RELAY_DATABASE_USER: 'hikyaku',
      },
      ['error RELAY_DATABASE_USER -> RELAY_DATABASE_PASSWORD, RELAY_DATABASE_PASSWORD_FILE'],
    ],
    [
      {
        RELAY_DATABASE_DRIVER: 'sqlite',
        RELAY_DATABASE_NAME: '/mail',
        RELAY_CONFIG: 'accounts: [{sender: a@b.example, host: c}]',
      },
      ['error RELAY_DATABASE_DRIVER'],
    ],
  ])('%j: %j', (source, lines) => {
    expect(problemsOf(source)).toEqual(lines);
  });
});

describe('accounts and backups that do not go together', () => {
  test.each([
    ['accounts:\n- host: c', ['error relay.yaml:2:3 accounts[0].sender']],
    ['accounts:\n- sender: a@b.example', ['error relay.yaml:2:3 accounts[0].host']],
    [
      'accounts:\n-\n- {sender: a@b.example, host: c}',
      ['error relay.yaml:2:2 accounts[0].sender', 'error relay.yaml:2:2 accounts[0].host'],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c}\n- {sender: A@B.example, host: d}',
      ['error relay.yaml:3:4 accounts[1].sender'],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c, username: d}',
      [
        'error relay.yaml:2:34 accounts[0].username -> accounts[0].password, accounts[0].password_file',
      ],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c, port: 465, tls: none}',
      ['error relay.yaml:2:45 accounts[0].tls'],
    ],
    ['relay:\n  host: a\n  backups:\n  - port: 25', ['error relay.yaml:4:5 relay.backups[0].host']],
    [
      'relay:\n  host: a\n  backups:\n  - {host: b, port: 465}',
      ['error relay.yaml:4:15 relay.backups[0].port'],
    ],
    [
      'relay:\n  host: a\n  port: 465\n  backups:\n  - {host: b}',
      ['error relay.yaml:5:5 relay.backups[0].port'],
    ],
    [
      'relay:\n  host: a\n  backups:\n  - {host: b, username: c, password: d}',
      ['error relay.yaml:4:15 relay.backups[0].username -> relay.username'],
    ],
  ])('%j: %j', (source, lines) => {
    expect(problemsOf(source)).toEqual(lines);
  });
});

describe('what this image lacks', () => {
  test.each(['hash', 'cdb', 'lmdb'])('%s tables are refused where there are none', (type) => {
    expect(problemsOf({ RELAY_MAP_TYPE: type }, { tableTypes: ['btree', 'texthash'] })).toEqual([
      'error RELAY_MAP_TYPE',
    ]);
  });

  test('a database that its Postfix cannot ask is refused', () => {
    const source = 'database: {driver: sqlite, name: /mail}';
    expect(problemsOf(source, { tableTypes: ['lmdb'] })).toEqual([
      'error relay.yaml:1:12 database.driver',
    ]);
  });

  test('is not asked where there is no Postfix', () => {
    const changes = { parameterNames: undefined, tableTypes: undefined };
    const source = { RELAY_MAP_TYPE: 'cdb', POSTFIX_nonsense: '1' };
    expect(problemsOf(source, changes)).toEqual([]);
  });
});

describe('a CA file with a fault', () => {
  const caFiles = new Map([['/ca.pem', { wrong: 'is wrong', right: 'mend it' }]]);

  test.each([
    [{ ...HOST, RELAY_CA_FILE: '/ca.pem' }, 'RELAY_CA_FILE'],
    [
      'accounts: [{sender: a@b.example, host: c, ca_file: /ca.pem}]',
      'relay.yaml:1:43 accounts[0].ca_file',
    ],
    ['database: {driver: sqlite, name: /m, ca_file: /ca.pem}', 'relay.yaml:1:38 database.ca_file'],
  ])('%j is refused', (source, where) => {
    expect(problemsOf(source, { caFiles })).toEqual([`error ${where}`]);
  });
});

describe('a value that is wrong in itself', () => {
  test('does not make a list empty', () => {
    expect(problemsOf({ RELAY_LISTEN: '0', RELAY_NETWORKS: 'atached' })).toEqual([
      expect.stringMatching(/^error RELAY_NETWORKS/),
      expect.stringMatching(/^error RELAY_LISTEN/),
    ]);
  });

  test('is reported once, not again by the rules', () => {
    expect(problemsOf({ RELAY_HOST: 'a b', ...LOGIN })).toEqual(['error RELAY_HOST']);
  });

  test('of a secret is never shown', () => {
    const problems = problemsOf({ ...HOST, RELAY_USERNAME: 'hoge', RELAY_PASSWORD: 'piyopiyo ' });
    expect(problems).toEqual(['error RELAY_PASSWORD']);
  });
});

test('the ingress network of a swarm that is named is warned of', () => {
  const interfaces = [
    { address: '10.0.0.7', prefix: 24, isIngress: true },
    { address: '10.0.1.5', prefix: 24 },
  ];
  const named = { RELAY_NETWORKS: 'attached, 10.0.0.0/24' };
  expect(problemsOf(named, { interfaces })).toEqual(['warning RELAY_NETWORKS']);
  expect(problemsOf({ ...named, RELAY_TRUST_GATEWAY: 'yes' }, { interfaces })).toEqual([]);
});

describe('the gateway of an attached network', () => {
  const warned = (networks: string, trust = 'no') =>
    problemsOf({ RELAY_NETWORKS: networks, RELAY_TRUST_GATEWAY: trust });

  test.each(['192.168.1.0/24, 172.18.0.1', 'attached, 172.18.0.1/32'])(
    'is warned of where %s lets it in by its address',
    (networks) => {
      expect(warned(networks)).toContain('warning RELAY_NETWORKS -> RELAY_TRUST_GATEWAY');
    },
  );

  test.each([
    ['192.168.1.0/24, 172.18.0.1', 'yes'],
    ['192.168.1.0/24, 172.16.0.0/12', 'no'],
    ['attached, 172.18.0.9', 'no'],
  ])('is not where it is trusted, or does not get in: %s, %s', (networks, trust) => {
    expect(warned(networks, trust).filter((line) => line.includes('TRUST_GATEWAY'))).toEqual([]);
  });
});

describe('a parameter of Postfix whose value it would choke on later', () => {
  test.each([
    ['smtpd_client_restrictions', 'foo'],
    ['smtpd_helo_restrictions', 'permit_mynetwork'],
    ['smtpd_client_restrictions', 'reject_rbl_client'],
    ['smtpd_client_restrictions', 'check_client_access reject'],
    ['transport_maps', '/etc/transport'],
    ['transport_maps', 'hash:transport'],
    ['transport_maps', 'inline:foo'],
    ['smtp_host_lookup', 'foo'],
    ['smtp_tls_protocols', 'TLS1.2'],
    ['smtpd_milters', 'rspamd:11332'],
    ['content_filter', 'scan:[192.0.2.1]:10025'],
    ['inet_interfaces', '192.0.2.9'],
    ['inet_protocols', 'IPv6'],
    ['inet_interfaces', 'eth0'],
  ])('%s=%s', (name, value) => {
    const variable = `POSTFIX_${name}`;
    expect(problemsOf({ [variable]: value })).toEqual([`error ${variable}`]);
  });

  test.each([
    ['smtpd_recipient_restrictions', 'foo', 'RELAY_ALLOWED_RECIPIENTS'],
    ['smtp_tls_policy_maps', 'texthash:/etc/policy', 'RELAY_TLS'],
  ])('or that is ours to set: %s=%s', (name, value, setting) => {
    const variable = `POSTFIX_${name}`;
    expect(problemsOf({ [variable]: value })).toEqual([`error ${variable} -> ${setting}`]);
  });

  test('a table of a type that is not there is said once', () => {
    const source = { POSTFIX_transport_maps: 'foo:/etc/transport' };
    expect(problemsOf(source, { tableTypes: ['cdb', 'lmdb'] })).toEqual([
      'error POSTFIX_transport_maps',
    ]);
    expect(
      problemsOf({ POSTFIX_transport_maps: 'pcre:/x' }, { tableTypes: ['lmdb'] }),
    ).toHaveLength(1);
  });
});

describe('what would make a relay start and take no mail', () => {
  test.each([
    [
      'aliases that lead back to themselves',
      { RELAY_VIRTUAL: 'a@x.example=b@x.example, b@x.example=a@x.example' },
      {},
      'error RELAY_VIRTUAL',
    ],
    [
      'messages larger than the disk of the queue',
      { RELAY_MESSAGE_SIZE: '100MB' },
      { queueSpace: 120 * 1024 ** 2 },
      'error RELAY_MESSAGE_SIZE',
    ],
    [
      'a queue that the usual size does not fit into',
      { RELAY_HOST: 'a.example' },
      { queueSpace: 30 * 1024 ** 2 },
      'error RELAY_MESSAGE_SIZE',
    ],
    [
      'a file of a database that is not there',
      { RELAY_DATABASE_DRIVER: 'sqlite', RELAY_DATABASE_NAME: '/data/a.sqlite' },
      { missingTables: new Set(['/data/a.sqlite']) },
      'error RELAY_DATABASE_NAME',
    ],
    [
      "a container's host name that is none",
      { RELAY_HOST: 'mail.isp.example', RELAY_MYORIGIN: 'home.example' },
      { hostname: 'x!y' },
      'error RELAY_MYHOSTNAME',
    ],
  ])('%s', (_, source, changes, line) => {
    expect(problemsOf(source, changes)).toEqual([line]);
  });

  test.each(['x_y', '0123456789ab', 'relay-1', 'relay.home.example'])(
    'the host name %s is one',
    (hostname) => {
      expect(problemsOf({ ...HOST, RELAY_MYORIGIN: 'home.example' }, { hostname })).toEqual([]);
    },
  );

  test('a disk that is just large enough is', () => {
    const queueSpace = 150 * 1024 ** 2;
    expect(problemsOf({ RELAY_MESSAGE_SIZE: '100MB' }, { queueSpace })).toEqual([]);
  });
});

describe('what a login and a database are warned of or refused for', () => {
  const RELAY = { ...HOST, RELAY_USERNAME: 'hoge' };
  const DATABASE = { RELAY_DATABASE_DRIVER: 'mysql', RELAY_DATABASE_NAME: 'mail' };
  test.each([
    [{ ...RELAY, RELAY_PASSWORD: 'hoge:piyopiyo' }, 'warning RELAY_PASSWORD'],
    [{ ...RELAY, RELAY_PASSWORD: '"piyopiyo"' }, 'warning RELAY_PASSWORD'],
    [{ ...RELAY, RELAY_PASSWORD: '{{ password }}' }, 'warning RELAY_PASSWORD'],
    [{ ...RELAY, RELAY_PASSWORD: 'piyo\u00a0piyo' }, 'warning RELAY_PASSWORD'],
    [{ ...DATABASE, RELAY_DATABASE_HOSTS: 'localhost:3306' }, 'warning RELAY_DATABASE_HOSTS'],
    [
      {
        ...DATABASE,
        RELAY_DATABASE_HOSTS: 'db',
        RELAY_DATABASE_RELAY_QUERY: 'DROP TABLE accounts',
      },
      'error RELAY_DATABASE_RELAY_QUERY',
    ],
    [
      { ...RELAY, RELAY_PASSWORD: 'x', RELAY_NETWORKS: 'attached, !172.18.0.0/16' },
      'error RELAY_NETWORKS',
    ],
    [
      { ...HOST, POSTFIX_smtpd_sasl_auth_enable: 'yes' },
      'warning POSTFIX_smtpd_sasl_auth_enable -> RELAY_NETWORKS',
    ],
    [{ ...HOST, POSTFIX_inet_interfaces: 'loopback-only' }, 'warning POSTFIX_inet_interfaces'],
    [
      { ...HOST, POSTFIX_smtpd_client_restrictions: 'reject' },
      'error POSTFIX_smtpd_client_restrictions',
    ],
  ])('%j', (environment, line) => {
    expect(problemsOf(environment)).toContain(line);
  });
});

describe('a generic address that has an account of its own', () => {
  const accounts = (generic: string) =>
    `relay: {host: mail.isp.example, username: a, password: b}
accounts:
- {sender: her@work.example, host: smtp.work.example, username: her, password: c}
- {sender: "@club.example", host: smtp.club.example, username: club, password: d}
generic: {${generic}}`;

  test.each([
    'nas@home.example: Her+nas@work.example',
    '"@club.example": her@work.example',
    'nas: someone@club.example',
  ])('%s: a warning', (generic) => {
    expect(problemsOf(accounts(generic))).toEqual(['warning relay.yaml:5:1 generic']);
  });

  test.each([
    'nas@home.example: me@isp.example',
    'a@club.example: b@club.example',
    'her@work.example: her+x@work.example',
  ])('%s: none', (generic) => {
    expect(problemsOf(accounts(generic))).toEqual([]);
  });
});

test('a file that is no YAML is not told what it lacks', () => {
  const [first, ...rest] = problemsOf('relay:\n\thost: mail.isp.example\n', { hostname: 'relay' });
  expect(first).toMatch(/^error relay.yaml:2:1$/);
  expect(rest).toEqual([]);
});

describe('a misspelt name', () => {
  test.each([
    [
      'relay:\n  hots: a\n  port: 25\n  username: b\n  password: c',
      'error relay.yaml:2:3 relay.hots',
    ],
    ['relay:\n  host: a\n  usrname: b\n  password: c', 'error relay.yaml:3:3 relay.usrname'],
    [
      'relay:\n  host: a\n  username: b\n  pasword_file: /c',
      'error relay.yaml:4:3 relay.pasword_file',
    ],
    ['host: a\nrelay:\n  port: 25', 'error relay.yaml:1:1 host'],
    [
      'accounts:\n- {from: a@b.example, host: c}\n- {sender: a@b.example, server: c}',
      'error relay.yaml:3:25 accounts[1].server',
    ],
    ['database: {drvier: mysql, hosts: db, name: x}', 'error relay.yaml:1:12 database.drvier'],
    ['local: {domain: a.example, mailboxes: b}', 'error relay.yaml:1:9 local.domain'],
    [{ RELAY_HOTS: 'a', RELAY_PORT: '25', RELAY_TLS: 'verify' }, 'error RELAY_HOTS -> RELAY_HOST'],
    [{ RELAY_SMARTHOST: 'a', RELAY_PORT: '25' }, 'error RELAY_SMARTHOST -> RELAY_HOST'],
    [{ RELAY_HOST_FILE: '/a', RELAY_PORT: '25' }, 'error RELAY_HOST_FILE -> RELAY_HOST'],
    [{ 'RELAY.HOST': 'a', RELAY_PORT: '25' }, 'error RELAY.HOST -> RELAY_HOST'],
    [{ relay_host: 'a', RELAY_PORT: '25' }, 'error relay_host -> RELAY_HOST'],
    [{ REALY_HOST: 'a', RELAY_PORT: '25' }, 'error REALY_HOST -> RELAY_HOST'],
    [{ HIKYAKU_HOST: 'a', RELAY_PORT: '25' }, 'error HIKYAKU_HOST -> RELAY_HOST'],
    [{ postfix_hopcount_limit: '9' }, 'error postfix_hopcount_limit -> POSTFIX_hopcount_limit'],
  ])('%j is reported alone, without what follows from it', (source, line) => {
    expect(problemsOf(source).filter((one) => !one.includes('accounts[0]'))).toEqual([line]);
  });

  test.each([
    ['relay: {host: a, usrname: b}\nmyhostname: a.example', 'error relay.yaml:1:18 relay.usrname'],
    ['relay: {port: 25}', 'error relay.yaml:1:9 relay.port -> relay.host'],
    ['local: {mailboxes: b}', 'error relay.yaml:1:9 local.mailboxes -> local.domains'],
    ['postfix: {relayhost: a}', 'error relay.yaml:1:11 postfix.relayhost -> relay.host'],
  ])('or what is missing in the file %j is called by its key', (source, line) => {
    expect(problemsOf(source)).toEqual([line]);
  });
});

test('room that the disk of the queue does not have is not asked for', () => {
  const source = { RELAY_HOST: 'a', POSTFIX_queue_minfree: '2000000000' };
  expect(problemsOf(source, { queueSpace: 1_000_000_000 })).toEqual([
    'error POSTFIX_queue_minfree',
  ]);
  expect(problemsOf(source, { queueSpace: 3_000_000_000 })).toEqual([]);
});

test('of a file that is another than was meant, the first problems and their number are enough', () => {
  const text = Array.from({ length: 150 }, (_, at) => `key-of-another-${at}: x`).join('\n');
  const reading = readSettings(givenBy(text), facts());
  const lines = new SettingsError(reading.ok ? [] : reading.problems).message.split('\n');
  expect(lines.length).toBeLessThan(25);
  expect(lines.join('\n')).toContain('this and 129 more problems are like those above');
});

/** The problems of one setting. */
const about = (source: Parameters<typeof problemsOf>[0], name: string, changes = {}) =>
  problemsOf(source, changes).filter((line) => line.split(' -> ')[0]?.includes(name));

describe('mail of the relay itself', () => {
  test.each(['0123456789ab', 'nas'])('from a container called %s is warned of', (hostname) => {
    expect(about(HOST, 'MYHOSTNAME', { hostname })).toHaveLength(1);
    const covered = { ...HOST, RELAY_GENERIC: `@${hostname}.localdomain=me@isp.example` };
    expect(about(covered, 'MYHOSTNAME', { hostname })).toEqual([]);
    const sentAs = { ...HOST, RELAY_SEND_AS: 'me@isp.example' };
    expect(about(sentAs, 'MYHOSTNAME', { hostname })).toEqual([]);
  });

  test('from a made-up name is warned of unless it is rewritten', () => {
    const source = { ...HOST, RELAY_MYHOSTNAME: 'nas.lan' };
    expect(about(source, 'MYHOSTNAME')).toHaveLength(1);
    expect(about({ ...source, RELAY_GENERIC: '@nas.lan=me@isp.example' }, 'MYHOSTNAME')).toEqual(
      [],
    );
  });
});

test('nothing set at all is told loudly', () => {
  expect(about({}, 'RELAY_HOST')).toEqual([expect.stringMatching(/^warning RELAY_HOST/)]);
});

describe('a network of strangers', () => {
  test.each([
    ['192.0.0.0/8', 'error'],
    ['172.0.0.0/8', 'error'],
    ['10.0.0.0/7', 'error'],
    ['8.8.0.0/16, 9.9.0.0/16', 'error'],
    ['2001::/16', 'error'],
    ['198.51.0.0/16', 'warning'],
    ['203.0.112.0/20', 'warning'],
  ])('%s is an %s', (networks, severity) => {
    expect(
      about({ ...HOST, RELAY_NETWORKS: networks }, 'NETWORKS').map((one) => one.split(' ')[0]),
    ).toContain(severity);
  });

  test.each(['203.0.113.0/24', '10.0.0.0/8', '100.64.0.0/10', '2001:db8:1::/48', 'attached'])(
    '%s is none',
    (networks) => {
      expect(about({ ...HOST, RELAY_NETWORKS: networks }, 'NETWORKS')).toEqual([]);
    },
  );

  test.each([
    ['192.168.0.0/8', '192.168.0.0/16'],
    ['172.16.0.0/8', '172.16.0.0/12'],
    ['10.1.0.0/8', '10.0.0.0/8'],
    ['192.168.1.5/24', '192.168.1.0/24'],
    ['8.8.8.8/8', ' 8.8.8.8'],
  ])('%s gets no wider one recommended: %s', (networks, right) => {
    expect(linesOf({ ...HOST, RELAY_NETWORKS: networks }).join()).toContain(right);
  });
});

describe('quotes that are meant literally', () => {
  test.each([
    ['RELAY_NETWORKS', '"attached, 192.168.1.0/24"'],
    ['RELAY_PROVIDER', '"gmail"'],
    ['RELAY_LISTEN', "'25'"],
    ['RELAY_GENERIC', '"@a.lan=b@c.example"'],
    ['RELAY_HOST', '"a.example"'],
  ])('%s=%s are told', (name, value) => {
    expect(about({ ...HOST, [name]: value }, name)).toEqual([`error ${name}`]);
  });
});

describe('an account whose sender no client may use', () => {
  test.each([
    ['bob@x.example', 'jimbob@x.example', 1],
    ['bob@x.example', 'bob@x.example', 0],
    ['bob+news@x.example', 'Bob@x.example', 0],
    ['bob@x.example', '@x.example', 0],
    ['@x.example', 'bob@x.example', 0],
    ['@x.example', 'bob@y.example', 1],
  ])('%s, with %s allowed: %d', (sender, allowed, count) => {
    const text = `allowed_senders: [${JSON.stringify(allowed)}]\naccounts: [{sender: ${JSON.stringify(sender)}, host: a.example}]`;
    expect(about(text, 'accounts[0].sender')).toHaveLength(count);
  });
});

describe('tables that lead back to themselves through an extension', () => {
  test.each([
    ['canonical', 'a@b.example: a+x@b.example'],
    ['canonical', 'a@b.example: c+x@b.example, c@b.example: a@b.example'],
    ['virtual', 'a@b.example: c+x@b.example, c@b.example: a@b.example'],
  ])('%s {%s}', (name, rows) => {
    expect(about(`${name}: {${rows}}`, name)).toHaveLength(1);
  });
});

test('a parameter with nothing behind it is not set, as in a variable', () => {
  expect(about('postfix: {smtp_helo_timeout: }', 'postfix')).toEqual([]);
  expect(about({ POSTFIX_smtp_helo_timeout: '' }, 'POSTFIX')).toEqual([]);
});

test('recipients have commas between them', () => {
  const text = 'virtual: {a@b.example: "d@e.example extra field"}';
  expect(about(text, 'virtual')).toEqual([expect.stringMatching(/^error /)]);
});

test('a provider that takes no passwords is warned of', () => {
  const source = { RELAY_PROVIDER: 'hotmail', ...LOGIN };
  expect(about(source, 'PROVIDER')).toEqual(['warning RELAY_PROVIDER']);
});

test('a name among the networks is repeated: it is no password', () => {
  expect(linesOf({ ...HOST, RELAY_NETWORKS: 'office' }).join()).toContain('"office"');
});

// Seen with Postfix 3.10: "unreasonable canonical_maps map nesting" from the tenth step on.
test.each([
  [9, 0],
  [10, 1],
])('canonical may lead on %d times: %d problems', (steps, count) => {
  const rows = Array.from({ length: steps }, (_, at) => `a${at}@b.example: a${at + 1}@b.example`);
  expect(about(`canonical: {${rows.join(', ')}}`, 'canonical')).toHaveLength(count);
});
