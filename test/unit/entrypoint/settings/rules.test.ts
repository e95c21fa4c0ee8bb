import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../../../entrypoint/cli/errors.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy, problemsOf } from '../support/judge.ts';

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
      expect.stringMatching(/^warning: RELAY_GENERIC: .*RELAY_VIRTUAL/),
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
      ['error: RELAY_USERNAME: has no password; give RELAY_PASSWORD too, or RELAY_PASSWORD_FILE'],
    ],
    [
      { ...HOST, RELAY_PASSWORD: 'piyopiyo' },
      ['error: RELAY_PASSWORD: has no login name; give RELAY_USERNAME too'],
    ],
    [
      { ...HOST, ...LOGIN, RELAY_TLS: 'none' },
      [
        'error: RELAY_TLS: "none" would send the password over a connection that may be in clear; use verify or encrypt',
      ],
    ],
    [
      { ...HOST, ...LOGIN, RELAY_TLS: 'opportunistic' },
      [
        'error: RELAY_TLS: "opportunistic" would send the password over a connection that may be in clear; use verify or encrypt',
      ],
    ],
    [
      { ...HOST, RELAY_PORT: 'smtps', RELAY_TLS: 'none' },
      [
        'error: RELAY_TLS: "none" does not go with port 465, which is TLS from the first byte; use verify or encrypt, or port 587',
      ],
    ],
    [
      { RELAY_HOST: '192.0.2.1' },
      [
        'error: RELAY_HOST: "192.0.2.1" is an address, and a certificate is for a name; give the server\'s name, or set tls to encrypt',
      ],
    ],
    [
      { RELAY_HOST: '2001:db8::1', RELAY_TLS: 'encrypt', RELAY_MX: 'yes' },
      ['error: RELAY_MX: "2001:db8::1" is an address: it has no MX; use mx: no'],
    ],
    [
      { ...HOST, RELAY_MECHANISMS: 'plain' },
      [
        'warning: RELAY_MECHANISMS: chooses how to log in, but there is no login; give RELAY_USERNAME, or leave it out',
      ],
    ],
    [
      { ...LOGIN, RELAY_PORT: '587' },
      [
        'error: RELAY_PORT: is for a relay host, and none is given; give RELAY_HOST, or leave this out',
        'error: RELAY_USERNAME: is for a relay host, and none is given; give RELAY_HOST, or leave this out',
        'error: RELAY_PASSWORD: is for a relay host, and none is given; give RELAY_HOST, or leave this out',
      ],
    ],
    [
      { RELAY_MX: 'yes' },
      [
        'error: RELAY_MX: is for a relay host, and none is given; give RELAY_HOST, or leave this out',
      ],
    ],
    [
      { RELAY_CONNECTIONS: '5' },
      [
        'error: RELAY_CONNECTIONS: is for a relay host, and none is given; give RELAY_HOST, or leave this out',
      ],
    ],
    [
      { RELAY_GENERIC: 'a@b.example=c@d.example, A@b.example=e@f.example' },
      ['error: RELAY_GENERIC: "A@b.example" is rewritten twice; keep one of the lines'],
    ],
    [
      { RELAY_VIRTUAL: 'root=a@b.example, root=c@d.example' },
      ['error: RELAY_VIRTUAL: "root" is rewritten twice; keep one of the lines'],
    ],
    [
      { RELAY_NETWORKS: ',' },
      [
        'warning: RELAY_NETWORKS: only this container itself may send; name at least one network (attached, or 192.168.1.0/24) if others should',
      ],
    ],
    [
      { RELAY_NETWORKS: '0.0.0.0/1, 128.0.0.0/1' },
      [
        'error: RELAY_NETWORKS: would let a large part of the Internet send: an open relay; name the networks of your own machines',
      ],
    ],
    [
      { RELAY_NETWORKS: '!10.1.0.0/16, !10.2.0.0/16' },
      [
        'error: RELAY_NETWORKS: "!" excludes a part of other networks, but no other network is named; add attached, or the network that it is a part of',
      ],
    ],
    [
      { RELAY_NETWORKS: '10.1.0.0/16, !10.0.0.0/8' },
      ['error: RELAY_NETWORKS: "10.1.0.0/16" is excluded by "!10.0.0.0/8"; keep one of the two'],
    ],
    [
      { RELAY_NETWORKS: '10.0.0.0/8, 10.1.0.0/16' },
      [
        'warning: RELAY_NETWORKS: "10.1.0.0/16" is within "10.0.0.0/8" already; leave one of them out',
      ],
    ],
    [
      { RELAY_HOST: 'mail.isp.example', RELAY_PROVIDER: 'gmail' },
      [
        'error: RELAY_HOST: RELAY_PROVIDER names a server already; give the provider or the host, not both',
      ],
    ],
    [{ RELAY_LISTEN: ',' }, ['error: RELAY_LISTEN: names no port; use 25, 587']],
    [
      { RELAY_LISTEN: '25, smtp' },
      ['error: RELAY_LISTEN: "25" is listed twice; name each port once'],
    ],
    [
      { RELAY_LOCAL_MAILBOXES: 'hoge' },
      [
        'error: RELAY_LOCAL_MAILBOXES: has no domain for its mailboxes; give RELAY_LOCAL_DOMAINS too',
      ],
    ],
    [
      { RELAY_LOCAL_DOMAINS: 'a.example' },
      [
        'error: RELAY_LOCAL_DOMAINS: keeps mail here, but no user has a mailbox: all such mail would be refused; give RELAY_LOCAL_MAILBOXES too',
      ],
    ],
    [
      { POSTFIX_smtp_heloo_timeout: '9s' },
      [
        'error: POSTFIX_smtp_heloo_timeout: this Postfix has no parameter smtp_heloo_timeout; did you mean smtp_helo_timeout?',
      ],
    ],
    [
      { POSTFIX_no_such_thing_at_all: '1' },
      [
        'error: POSTFIX_no_such_thing_at_all: this Postfix has no parameter no_such_thing_at_all; look for it in postconf(5)',
      ],
    ],
    [
      { POSTFIX_relayhost: '[a]:25' },
      ['error: POSTFIX_relayhost: relayhost is set by Hikyaku itself; use RELAY_HOST instead'],
    ],
    [
      { POSTFIX_mynetworks: '0.0.0.0/0' },
      [
        'error: POSTFIX_mynetworks: mynetworks is set by Hikyaku itself; use RELAY_NETWORKS instead',
      ],
    ],
    [
      { POSTFIX_maillog_file: '/x' },
      [
        'error: POSTFIX_maillog_file: maillog_file is set by Hikyaku itself; leave it out: the image depends on its value',
      ],
    ],
    [
      { RELAY_DATABASE_HOSTS: 'db', RELAY_DATABASE_NAME: 'mail' },
      [
        'error: RELAY_DATABASE_HOSTS: needs the kind of database; give RELAY_DATABASE_DRIVER too',
        'error: RELAY_DATABASE_NAME: needs the kind of database; give RELAY_DATABASE_DRIVER too',
      ],
    ],
    [
      { RELAY_DATABASE_DRIVER: 'pgsql' },
      [
        'error: RELAY_DATABASE_DRIVER: needs the name of the database; give RELAY_DATABASE_NAME too',
        'error: RELAY_DATABASE_DRIVER: has no server to ask; give RELAY_DATABASE_HOSTS too',
      ],
    ],
    [
      { RELAY_DATABASE_DRIVER: 'sqlite', RELAY_DATABASE_NAME: 'mail', RELAY_DATABASE_HOSTS: 'db' },
      [
        'error: RELAY_DATABASE_HOSTS: sqlite has no server; leave it out',
        'error: RELAY_DATABASE_NAME: is not a full path; start it with "/"',
      ],
    ],
    [
      {
        RELAY_DATABASE_DRIVER: 'mysql',
        RELAY_DATABASE_NAME: 'mail',
        RELAY_DATABASE_HOSTS: 'db',
        RELAY_DATABASE_USER: 'hikyaku',
      },
      [
        'error: RELAY_DATABASE_USER: has no password; give RELAY_DATABASE_PASSWORD too, or RELAY_DATABASE_PASSWORD_FILE',
      ],
    ],
    [
      {
        RELAY_DATABASE_DRIVER: 'sqlite',
        RELAY_DATABASE_NAME: '/mail',
        RELAY_CONFIG: 'accounts: [{sender: a@b.example, host: c}]',
      },
      [
        'error: RELAY_DATABASE_DRIVER: accounts are given in the file as well; keep them in the file or in the database',
      ],
    ],
  ])('%j: %j', (source, lines) => {
    expect(problemsOf(source)).toEqual(lines);
  });
});

describe('accounts and backups that do not go together', () => {
  test.each([
    [
      'accounts:\n- host: c',
      ['error: relay.yaml:2:3 accounts[0].sender: is missing; add "sender: ..." to this account'],
    ],
    [
      'accounts:\n- sender: a@b.example',
      ['error: relay.yaml:2:3 accounts[0].host: is missing; add "host: ..." to this account'],
    ],
    [
      'accounts:\n-\n- {sender: a@b.example, host: c}',
      [
        'error: relay.yaml:2:2 accounts[0].sender: is missing; add "sender: ..." to this account',
        'error: relay.yaml:2:2 accounts[0].host: is missing; add "host: ..." to this account',
      ],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c}\n- {sender: A@B.example, host: d}',
      [
        'error: relay.yaml:3:4 accounts[1].sender: "A@B.example" has an account already; keep one of them',
      ],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c, username: d}',
      [
        'error: relay.yaml:2:34 accounts[0].username: has no password; give accounts[0].password too, or accounts[0].password_file',
      ],
    ],
    [
      'accounts:\n- {sender: a@b.example, host: c, port: 465, tls: none}',
      [
        'error: relay.yaml:2:45 accounts[0].tls: "none" does not go with port 465, which is TLS from the first byte; use verify or encrypt, or port 587',
      ],
    ],
    [
      'relay:\n  host: a\n  backups:\n  - port: 25',
      [
        'error: relay.yaml:4:5 relay.backups[0].host: is missing; add "host: ..." to this relay host',
      ],
    ],
    [
      'relay:\n  host: a\n  backups:\n  - {host: b, port: 465}',
      [
        'error: relay.yaml:4:15 relay.backups[0].port: is on port 465 while the relay host is not, or the reverse; use 465 for all of them, or for none',
      ],
    ],
    [
      'relay:\n  host: a\n  port: 465\n  backups:\n  - {host: b}',
      [
        'error: relay.yaml:5:5 relay.backups[0].port: is on port 465 while the relay host is not, or the reverse; use 465 for all of them, or for none',
      ],
    ],
    [
      'relay:\n  host: a\n  backups:\n  - {host: b, username: c, password: d}',
      [
        'error: relay.yaml:4:15 relay.backups[0].username: has a login, but the relay host has none; give relay.username too, or leave it out here',
      ],
    ],
  ])('%j: %j', (source, lines) => {
    expect(problemsOf(source)).toEqual(lines);
  });
});

describe('what this image lacks', () => {
  test.each(['hash', 'cdb', 'lmdb'])('%s tables are refused where there are none', (type) => {
    expect(problemsOf({ RELAY_MAP_TYPE: type }, { tableTypes: ['btree', 'texthash'] })).toEqual([
      `error: RELAY_MAP_TYPE: this Postfix has no tables of type ${type}; use one that it has: btree, texthash`,
    ]);
  });

  test('a database that its Postfix cannot ask is refused', () => {
    const source = 'database: {driver: sqlite, name: /mail}';
    expect(problemsOf(source, { tableTypes: ['lmdb'] })).toEqual([
      'error: relay.yaml:1:12 database.driver: this Postfix has no tables of type sqlite; use one that it has: lmdb',
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
    expect(problemsOf(source, { caFiles })).toEqual([`error: ${where}: is wrong; mend it`]);
  });
});

describe('a value that is wrong in itself', () => {
  test('does not make a list empty', () => {
    expect(problemsOf({ RELAY_LISTEN: '0', RELAY_NETWORKS: 'atached' })).toEqual([
      expect.stringMatching(/^error: RELAY_NETWORKS: "atached" is not an address/),
      expect.stringMatching(/^error: RELAY_LISTEN: "0" is not a port/),
    ]);
  });

  test('is reported once, not again by the rules', () => {
    expect(problemsOf({ RELAY_HOST: 'a b', ...LOGIN })).toEqual([
      'error: RELAY_HOST: "a b" is not a host name; give a name such as mail.example.com',
    ]);
  });

  test('of a secret is never shown', () => {
    const problems = problemsOf({ ...HOST, RELAY_USERNAME: 'hoge', RELAY_PASSWORD: 'piyopiyo ' });
    expect(problems).toEqual([
      'error: RELAY_PASSWORD: ends in a blank, which a Postfix table cannot hold; remove the blank, or change the password at the provider',
    ]);
  });
});

test('the ingress network of a swarm that is named is warned of', () => {
  const interfaces = [
    { address: '10.0.0.7', prefix: 24, isIngress: true },
    { address: '10.0.1.5', prefix: 24 },
  ];
  const named = { RELAY_NETWORKS: 'attached, 10.0.0.0/24' };
  expect(problemsOf(named, { interfaces })).toEqual([
    `warning: RELAY_NETWORKS: "10.0.0.0/24" is a network that clients from outside come through (a swarm's ingress): whoever reaches the published port may send; leave it out, and publish the port with mode: host`,
  ]);
  expect(problemsOf({ ...named, RELAY_TRUST_GATEWAY: 'yes' }, { interfaces })).toEqual([]);
});

describe('the gateway of an attached network', () => {
  const warned = (networks: string, trust = 'no') =>
    problemsOf({ RELAY_NETWORKS: networks, RELAY_TRUST_GATEWAY: trust });

  test.each(['192.168.1.0/24, 172.18.0.1', 'attached, 172.18.0.1/32'])(
    'is warned of where %s lets it in by its address',
    (networks) => {
      expect(warned(networks)).toContain(
        `warning: RELAY_NETWORKS: "172.18.0.1" is the gateway of this container's network: whoever reaches the published port from outside may come under that address, and may send; leave it out; if all of them may send, RELAY_TRUST_GATEWAY says so (yes)`,
      );
    },
  );

  test.each([
    ['192.168.1.0/24, 172.18.0.1', 'yes'],
    ['192.168.1.0/24, 172.16.0.0/12', 'no'],
    ['attached, 172.18.0.9', 'no'],
  ])('is not where it is trusted, or does not get in: %s, %s', (networks, trust) => {
    expect(warned(networks, trust).filter((line) => line.includes('gateway'))).toEqual([]);
  });
});

describe('a parameter of Postfix whose value it would choke on later', () => {
  test.each([
    [
      'smtpd_client_restrictions',
      'foo',
      '"foo" is no restriction that Postfix knows; look for it in postconf(5)',
    ],
    [
      'smtpd_helo_restrictions',
      'permit_mynetwork',
      '"permit_mynetwork" is no restriction that Postfix knows; did you mean permit_mynetworks?',
    ],
    [
      'smtpd_client_restrictions',
      'reject_rbl_client',
      'has nothing behind reject_rbl_client; write what it needs behind it, as postconf(5) has it',
    ],
    [
      'smtpd_client_restrictions',
      'check_client_access reject',
      'has no table behind check_client_access; write one with its type, as in "check_client_access texthash:/path"',
    ],
    [
      'transport_maps',
      '/etc/transport',
      'names a table without its type; write the type in front, as in texthash:/path',
    ],
    [
      'transport_maps',
      'hash:transport',
      'has a table of type hash without a full path; write hash:/path',
    ],
    [
      'transport_maps',
      'inline:foo',
      'has a table of type inline without braces; write inline:{...}',
    ],
    ['smtp_host_lookup', 'foo', 'Postfix knows no such value; use dns, native'],
    ['smtp_tls_protocols', 'TLS1.2', 'Postfix knows no such protocol; use >=TLSv1.2'],
    [
      'smtpd_milters',
      'rspamd:11332',
      'is not the address of a milter; use inet:host:port or unix:/path',
    ],
    [
      'content_filter',
      'scan:[192.0.2.1]:10025',
      'names a service that this relay does not run; use smtp, relay, virtual, error, retry, discard',
    ],
    [
      'inet_interfaces',
      '192.0.2.9',
      '"192.0.2.9" is no address of this container; use all, or leave it out',
    ],
    [
      'inet_protocols',
      'IPv6',
      "this container has no address of IPv6; use all, or give the container's network addresses of IPv6",
    ],
    ['inet_interfaces', 'eth0', '"eth0" is no address; use all, or an address'],
    [
      'smtpd_recipient_restrictions',
      'foo',
      'smtpd_recipient_restrictions is set by Hikyaku itself; use RELAY_ALLOWED_RECIPIENTS instead',
    ],
    [
      'smtp_tls_policy_maps',
      'texthash:/etc/policy',
      'smtp_tls_policy_maps is set by Hikyaku itself; use RELAY_TLS instead',
    ],
  ])('%s=%s', (name, value, words) => {
    const variable = `POSTFIX_${name}`;
    expect(problemsOf({ [variable]: value })).toEqual([`error: ${variable}: ${words}`]);
  });

  test('a table of a type that is not there is said once', () => {
    const source = { POSTFIX_transport_maps: 'foo:/etc/transport' };
    expect(problemsOf(source, { tableTypes: ['cdb', 'lmdb'] })).toEqual([
      'error: POSTFIX_transport_maps: this Postfix has no tables of type foo; use one that it has: cdb, lmdb',
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
      'error: RELAY_VIRTUAL: "a@x.example" leads back to itself: Postfix would defer all mail for it; remove one of the lines',
    ],
    [
      'messages larger than the disk of the queue',
      { RELAY_MESSAGE_SIZE: '100MB' },
      { queueSpace: 120 * 1024 ** 2 },
      'error: RELAY_MESSAGE_SIZE: the disk of the queue is too small for messages of 100MB: all mail would be deferred; give 80MB at most, or the queue more room',
    ],
    [
      'a queue that the usual size does not fit into',
      { RELAY_HOST: 'a.example' },
      { queueSpace: 30 * 1024 ** 2 },
      'error: RELAY_MESSAGE_SIZE: the disk of the queue is too small for messages of 25MB: all mail would be deferred; give 20MB at most, or the queue more room',
    ],
    [
      'a file of a database that is not there',
      { RELAY_DATABASE_DRIVER: 'sqlite', RELAY_DATABASE_NAME: '/data/a.sqlite' },
      { missingTables: new Set(['/data/a.sqlite']) },
      `error: RELAY_DATABASE_NAME: the database's file "/data/a.sqlite" does not exist; mount it into the container at that path`,
    ],
    [
      "a container's host name that is none",
      { RELAY_HOST: 'mail.isp.example', RELAY_MYORIGIN: 'home.example' },
      { hostname: 'x!y' },
      `error: RELAY_MYHOSTNAME: the container's own host name, "x!y", is none that Postfix takes; give a name such as mail.example.com`,
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
    [
      { ...RELAY, RELAY_PASSWORD: 'hoge:piyopiyo' },
      'warning: RELAY_PASSWORD: begins with the login and ":"; give the password alone, unless it really begins so',
    ],
    [
      { ...RELAY, RELAY_PASSWORD: '"piyopiyo"' },
      'warning: RELAY_PASSWORD: stands in quotes, which are sent as a part of it; remove the quotes if they are not',
    ],
    [
      { ...RELAY, RELAY_PASSWORD: '{{ password }}' },
      'warning: RELAY_PASSWORD: looks like a placeholder; give the password itself: placeholders are not replaced here',
    ],
    [
      { ...RELAY, RELAY_PASSWORD: 'piyo\u00a0piyo' },
      'warning: RELAY_PASSWORD: contains an invisible character, as in a text copied from a page; type it anew if the provider refuses the login',
    ],
    [
      { ...DATABASE, RELAY_DATABASE_HOSTS: 'localhost:3306' },
      'warning: RELAY_DATABASE_HOSTS: "localhost:3306" is this container itself; give the name of the database\'s container, or of its machine',
    ],
    [
      {
        ...DATABASE,
        RELAY_DATABASE_HOSTS: 'db',
        RELAY_DATABASE_RELAY_QUERY: 'DROP TABLE accounts',
      },
      "error: RELAY_DATABASE_RELAY_QUERY: is not a query that reads data; write SELECT ... WHERE ... = '%s'",
    ],
    [
      { ...RELAY, RELAY_PASSWORD: 'x', RELAY_NETWORKS: 'attached, !172.18.0.0/16' },
      'error: RELAY_NETWORKS: excludes every network of this container, so no client may send; exclude less, or name other networks',
    ],
    [
      { ...HOST, POSTFIX_smtpd_sasl_auth_enable: 'yes' },
      'warning: POSTFIX_smtpd_sasl_auth_enable: nothing here knows the passwords of clients, so no login would succeed; leave it out: RELAY_NETWORKS says who may send',
    ],
    [
      { ...HOST, POSTFIX_inet_interfaces: 'loopback-only' },
      'warning: POSTFIX_inet_interfaces: only what runs in this container, or in its network, can hand in mail; leave it out if other containers or machines should',
    ],
    [
      { ...HOST, POSTFIX_smtpd_client_restrictions: 'reject' },
      'error: POSTFIX_smtpd_client_restrictions: refuses every client; name who is to be refused, or leave it out',
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
    [
      'nas@home.example: Her+nas@work.example',
      'nas@home.example',
      'Her+nas@work.example',
      'the relay host',
    ],
    [
      '"@club.example": her@work.example',
      '@club.example',
      'her@work.example',
      'the account of @club.example',
    ],
    ['nas: someone@club.example', 'nas', 'someone@club.example', 'the relay host'],
  ])('%s: a warning', (generic, from, to, through) => {
    expect(problemsOf(accounts(generic))).toEqual([
      `warning: relay.yaml:5:1 generic: mail from "${from}" leaves as "${to}", which has an account of its own, but through ${through}: it may be refused; rewrite it with canonical instead: that comes before the account is chosen`,
    ]);
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
  expect(first).toMatch(/^error: relay.yaml:2:1: a tab /);
  expect(rest).toEqual([]);
});

describe('a misspelt name', () => {
  test.each([
    [
      'relay:\n  hots: a\n  port: 25\n  username: b\n  password: c',
      'error: relay.yaml:2:3 relay.hots: is not a setting; did you mean host?',
    ],
    [
      'relay:\n  host: a\n  usrname: b\n  password: c',
      'error: relay.yaml:3:3 relay.usrname: is not a setting; did you mean username?',
    ],
    [
      'relay:\n  host: a\n  username: b\n  pasword_file: /c',
      'error: relay.yaml:4:3 relay.pasword_file: is not a setting; did you mean password_file?',
    ],
    [
      'host: a\nrelay:\n  port: 25',
      'error: relay.yaml:1:1 host: is not a setting; write it as host, indented below relay',
    ],
    [
      'accounts:\n- {from: a@b.example, host: c}\n- {sender: a@b.example, server: c}',
      'error: relay.yaml:3:25 accounts[1].server: is not a setting; did you mean host?',
    ],
    [
      'database: {drvier: mysql, hosts: db, name: x}',
      'error: relay.yaml:1:12 database.drvier: is not a setting; did you mean driver?',
    ],
    [
      'local: {domain: a.example, mailboxes: b}',
      'error: relay.yaml:1:9 local.domain: is not a setting; did you mean domains?',
    ],
    [
      { RELAY_HOTS: 'a', RELAY_PORT: '25', RELAY_TLS: 'verify' },
      'error: RELAY_HOTS: is not a setting; did you mean RELAY_HOST?',
    ],
    [
      { RELAY_SMARTHOST: 'a', RELAY_PORT: '25' },
      'error: RELAY_SMARTHOST: is not a setting; did you mean RELAY_HOST?',
    ],
    [
      { RELAY_HOST_FILE: '/a', RELAY_PORT: '25' },
      'error: RELAY_HOST_FILE: is not a setting; only a password can come from a file of its own: give RELAY_HOST',
    ],
    [
      { 'RELAY.HOST': 'a', RELAY_PORT: '25' },
      'error: RELAY.HOST: is not a setting; did you mean RELAY_HOST?',
    ],
    [
      { relay_host: 'a', RELAY_PORT: '25' },
      'error: relay_host: is not a setting; write it in capitals: RELAY_HOST',
    ],
    [
      { REALY_HOST: 'a', RELAY_PORT: '25' },
      'error: REALY_HOST: is not a setting; did you mean RELAY_HOST?',
    ],
    [
      { HIKYAKU_HOST: 'a', RELAY_PORT: '25' },
      'error: HIKYAKU_HOST: is not a setting; did you mean RELAY_HOST?',
    ],
    [
      { postfix_hopcount_limit: '9' },
      'error: postfix_hopcount_limit: is not a setting; write it as POSTFIX_hopcount_limit',
    ],
  ])('%j is reported alone, without what follows from it', (source, line) => {
    expect(problemsOf(source).filter((one) => !one.includes('accounts[0]'))).toEqual([line]);
  });

  test.each([
    [
      'relay: {host: a, usrname: b}\nmyhostname: a.example',
      'error: relay.yaml:1:18 relay.usrname: is not a setting; did you mean username?',
    ],
    [
      'relay: {port: 25}',
      'error: relay.yaml:1:9 relay.port: is for a relay host, and none is given; give relay.host, or leave this out',
    ],
    [
      'local: {mailboxes: b}',
      'error: relay.yaml:1:9 local.mailboxes: has no domain for its mailboxes; give local.domains too',
    ],
    [
      'postfix: {relayhost: a}',
      'error: relay.yaml:1:11 postfix.relayhost: relayhost is set by Hikyaku itself; use relay.host instead',
    ],
  ])('or what is missing in the file %j is called by its key', (source, line) => {
    expect(problemsOf(source)).toEqual([line]);
  });
});

test('room that the disk of the queue does not have is not asked for', () => {
  const source = { RELAY_HOST: 'a', POSTFIX_queue_minfree: '2000000000' };
  expect(problemsOf(source, { queueSpace: 1_000_000_000 })).toEqual([
    'error: POSTFIX_queue_minfree: is more room than the disk of the queue has: all mail would be deferred; give less, or leave it out',
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

/** The problems of one setting: how grave each is, and its first words. */
const about = (source: Parameters<typeof problemsOf>[0], name: string, changes = {}) =>
  problemsOf(source, changes)
    .map((line) => /^(\w+): (.*?): (.*)$/.exec(line))
    .flatMap((parts) => (parts?.[2]?.includes(name) ? [`${parts[1]} ${parts[3]}`] : []));

describe('mail of the relay itself', () => {
  test.each(['0123456789ab', 'nas'])('from a container called %s is warned of', (hostname) => {
    expect(about(HOST, 'MYHOSTNAME', { hostname })).toHaveLength(1);
    const covered = { ...HOST, RELAY_GENERIC: `@${hostname}.localdomain=me@isp.example` };
    expect(about(covered, 'MYHOSTNAME', { hostname })).toEqual([]);
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
  expect(about({}, 'RELAY_HOST')).toEqual([expect.stringMatching(/^warning no setting is given/)]);
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
    ['192.168.0.0/8', 'use 192.168.0.0/16 for'],
    ['172.16.0.0/8', 'use 172.16.0.0/12 for'],
    ['10.1.0.0/8', 'use 10.0.0.0/8 for'],
    ['192.168.1.5/24', 'use 192.168.1.0/24 for'],
    ['8.8.8.8/8', 'use 8.8.8.8'],
  ])('%s gets no wider one recommended: %s', (networks, right) => {
    expect(about({ ...HOST, RELAY_NETWORKS: networks }, 'NETWORKS').join()).toContain(right);
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
    expect(about({ ...HOST, [name]: value }, name)).toEqual([
      'error stands in quotes, which are a part of it; remove the quotes',
    ]);
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
  expect(about(source, 'PROVIDER')).toEqual([expect.stringMatching(/^warning hotmail takes no/)]);
});

test('a name among the networks is repeated: it is no password', () => {
  expect(about({ ...HOST, RELAY_NETWORKS: 'office' }, 'NETWORKS').join()).toContain('"office"');
});

// Seen with Postfix 3.10: "unreasonable canonical_maps map nesting" from the tenth step on.
test.each([
  [9, 0],
  [10, 1],
])('canonical may lead on %d times: %d problems', (steps, count) => {
  const rows = Array.from({ length: steps }, (_, at) => `a${at}@b.example: a${at + 1}@b.example`);
  expect(about(`canonical: {${rows.join(', ')}}`, 'canonical')).toHaveLength(count);
});
