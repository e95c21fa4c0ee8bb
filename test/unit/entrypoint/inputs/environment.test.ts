import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../../../entrypoint/inputs/environment.ts';
import { plainly } from '../support/plainly.ts';

const read = (environment: Record<string, string>) => plainly(readEnvironment(environment));

describe('a variable', () => {
  test.each([
    ['RELAY_MYHOSTNAME', 'linux.myhome.net', { myhostname: 'linux.myhome.net' }],
    ['RELAY_HOST', 'mail.isp.example', { 'relay.host': 'mail.isp.example' }],
    ['RELAY_PASSWORD', ' $a"b\\ #, ', { 'relay.password': ' $a"b\\ #, ' }],
    ['RELAY_CA_FILE', '/certs/ca.pem', { 'relay.ca_file': '/certs/ca.pem' }],
    ['RELAY_TRUST_GATEWAY', 'no', { trust_gateway: 'no' }],
    ['RELAY_LOCAL_DOMAINS', 'a.example', { 'local.domains': ['a.example'] }],
    ['RELAY_DATABASE_CA_FILE', '/ca.pem', { 'database.ca_file': '/ca.pem' }],
  ])('%s=%s is the setting of that name', (name, text, values) => {
    expect(read({ [name]: text })).toEqual({ values, files: {}, problems: [] });
  });

  test('that is empty counts as not set, known or not', () => {
    const empty = { RELAY_HOST: '', RELAY_PASSWORD_FILE: '', RELAY_NONSENSE: '', POSTFIX_x: '' };
    expect(read(empty)).toEqual({ values: {}, files: {}, problems: [] });
  });

  test('of another program is none of our business', () => {
    const others = { PATH: '/bin', HOME: '/', MAIL_HOST: 'x', RELAYHOST: 'x', relay_x: 'x' };
    expect(read(others)).toEqual({ values: {}, files: {}, problems: [] });
  });

  test('in small letters is told to be in capitals', () => {
    expect(read({ relay_host: 'x' }).problems).toEqual(['error relay_host -> RELAY_HOST']);
  });

  test('that says where the YAML is, is no setting', () => {
    const sources = { RELAY_CONFIG: 'a: b', RELAY_CONFIG_FILE: '/a' };
    expect(read(sources)).toEqual({ values: {}, files: {}, problems: [] });
  });
});

describe('an unknown variable', () => {
  test.each([
    ['RELAY_PASSWROD', 'RELAY_PASSWORD'],
    ['RELAY_HOSTNAME', 'RELAY_MYHOSTNAME'],
    ['RELAY_PASSWORDFILE', 'RELAY_PASSWORD_FILE'],
    ['RELAY_USER', 'RELAY_USERNAME'],
    ['RELAY_NETWORK', 'RELAY_NETWORKS'],
    ['RELAY_host', 'RELAY_HOST'],
    ['RELAY_CONFIG_FILES', 'RELAY_CONFIG_FILE'],
    ['RELAY_DATABASE_PASWORD', 'RELAY_DATABASE_PASSWORD'],
    ['RELAY_PASS', 'RELAY_PASSWORD'],
  ])('%s is refused, with the nearest name', (name, right) => {
    const problems = [`error ${name} -> ${right}`];
    expect(read({ [name]: 'secret' })).toEqual({ values: {}, files: {}, problems });
  });

  test.each([
    ['RELAY_SOMETHING_ELSE', ''],
    ['RELAY_ACCOUNTS', ' -> RELAY_CONFIG'],
    ['RELAY_BACKUPS', ' -> relay.backups, RELAY_CONFIG'],
    ['RELAY_POSTFIX', ' -> POSTFIX_parameter'],
  ])('%s is refused, with the way to give that setting', (name, right) => {
    expect(read({ [name]: 'secret' }).problems).toEqual([`error ${name}${right}`]);
  });

  test('is refused together with all others, in the order of their names', () => {
    expect(read({ RELAY_B: 'x', RELAY_A: 'x' }).problems).toHaveLength(2);
    expect(read({ RELAY_B: 'x', RELAY_A: 'x' }).problems[0]).toContain('RELAY_A');
  });
});

describe('the file of a secret', () => {
  test.each([
    ['RELAY_PASSWORD_FILE', 'relay.password'],
    ['RELAY_DATABASE_PASSWORD_FILE', 'database.password'],
  ])('%s is kept apart, to be read later', (name, path) => {
    const files = { [path]: '/run/secrets/x' };
    expect(read({ [name]: '/run/secrets/x' })).toEqual({ values: {}, files, problems: [] });
  });

  test.each(['RELAY_HOST_FILE', 'RELAY_USERNAME_FILE', 'RELAY_FILE'])(
    '%s is refused, for what it names is no secret',
    (name) => {
      expect(read({ [name]: '/run/secrets/x' }).problems).toHaveLength(1);
    },
  );
});

describe('variables that Kubernetes puts into every container', () => {
  test.each([
    ['RELAY_PORT', 'tcp://10.0.0.1:25'],
    ['RELAY_SERVICE_HOST', '10.0.0.1'],
    ['RELAY_SERVICE_PORT', '25'],
    ['RELAY_SERVICE_PORT_SMTP', '25'],
    ['RELAY_PORT_25_TCP', 'tcp://10.0.0.1:25'],
    ['RELAY_PORT_25_TCP_PROTO', 'tcp'],
    ['RELAY_PORT_25_TCP_PORT', '25'],
    ['RELAY_PORT_25_TCP_ADDR', '10.0.0.1'],
    ['RELAY_PORT_53_UDP', 'udp://10.0.0.1:53'],
    ['RELAY_SMTP_PORT', 'tcp://10.0.0.1:25'],
    ['RELAY_SMTP_SERVICE_HOST', '10.0.0.1'],
    ['POSTFIX_PORT', 'tcp://10.0.0.1:25'],
    ['POSTFIX_SERVICE_HOST', '10.0.0.1'],
    ['POSTFIX_PORT_25_TCP_ADDR', '10.0.0.1'],
  ])('%s=%s is passed over', (name, value) => {
    expect(read({ [name]: value })).toEqual({ values: {}, files: {}, problems: [] });
  });

  test.each([
    ['RELAY_PORT', '587', { 'relay.port': '587' }],
    ['RELAY_PORT', 'submission', { 'relay.port': 'submission' }],
  ])('%s=%s is not one of them', (name, text, values) => {
    expect(read({ [name]: text }).values).toEqual(values);
  });
});

describe('a list in a variable', () => {
  test.each([
    ['attached', ['attached']],
    ['attached,192.168.1.0/24', ['attached', '192.168.1.0/24']],
    ['attached, 192.168.1.0/24', ['attached', '192.168.1.0/24']],
    ['attached 192.168.1.0/24', ['attached', '192.168.1.0/24']],
    [' attached ,\n 10.0.0.0/8 , ', ['attached', '10.0.0.0/8']],
    [',', []],
  ])('%j is %j', (text, items) => {
    expect(read({ RELAY_NETWORKS: text }).values).toEqual({ networks: items });
  });
});

describe('an address table in a variable', () => {
  test.each([
    ['a@b.c=d@e.f', [['a@b.c', 'd@e.f']]],
    [
      'a@b.c=d@e.f, @b.c=g@e.f',
      [
        ['a@b.c', 'd@e.f'],
        ['@b.c', 'g@e.f'],
      ],
    ],
    ['a@b.c=d=x@e.f', [['a@b.c', 'd=x@e.f']]],
    ['a@b.c', [['a@b.c', '']]],
    ['=d@e.f', [['', 'd@e.f']]],
  ])('%j is %j', (text, rows) => {
    expect(read({ RELAY_GENERIC: text }).values).toEqual({ generic: rows });
  });
});

describe('POSTFIX_ variables', () => {
  test('are the parameters of those names, their values untouched', () => {
    const given = { POSTFIX_smtp_helo_name: '$myhostname, x = y', POSTFIX_hopcount_limit: '30' };
    const rows = [
      ['hopcount_limit', '30'],
      ['smtp_helo_name', '$myhostname, x = y'],
    ];
    expect(read(given)).toEqual({ values: { postfix: rows }, files: {}, problems: [] });
  });
});
