import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../../entrypoint/inputs/collect.ts';
import {
  ipv4Gateways,
  ipv6Gateways,
  readFacts,
} from '../../../../entrypoint/inputs/gather-facts.ts';
import { Folder } from '../support/folder.ts';

describe('the gateways in /proc/net/route', () => {
  const HEAD =
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

  test.each([
    ['nothing', '', []],
    ['a head alone', HEAD, []],
    [
      'a default route and a network of its own',
      `${HEAD}eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n`,
      ['172.18.0.1'],
    ],
    [
      'a route through a second gateway',
      `${HEAD}eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\neth1\t0000000A\tFE01A8C0\t0003\t0\t0\t0\t000000FF\n`,
      ['172.18.0.1', '192.168.1.254'],
    ],
    ['nonsense', `${HEAD}eth0 x\n\n???\n`, []],
  ])('are found in %s', (_, table, gateways) => {
    expect(ipv4Gateways(table)).toEqual(gateways);
  });
});

describe('the gateways in /proc/net/ipv6_route', () => {
  const ZERO = '0'.repeat(32);
  test.each([
    ['nothing', '', []],
    [
      'a default route',
      `${ZERO} 00 ${ZERO} 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n`,
      ['fd00:0000:0000:0000:0000:0000:0000:0001'],
    ],
    [
      'a network of its own',
      `fd000000000000000000000000000000 40 ${ZERO} 00 ${ZERO} 00000100 00000001 00000000 00000001     eth0\n`,
      [],
    ],
    ['nonsense', 'x y z\n\n', []],
  ])('are found in %s', (_, table, gateways) => {
    expect(ipv6Gateways(table)).toEqual(gateways);
  });
});

describe('a CA file', () => {
  const caFile = (file: string) =>
    readFacts(collect({ RELAY_CA_FILE: file }, '/nowhere')).caFiles.get(file);

  test('that is missing is noticed', () => {
    expect(caFile('/nowhere/ca.pem')).toMatchObject({
      wrong: expect.stringContaining('/nowhere/ca.pem'),
    });
  });

  test('without a certificate is noticed', () => {
    using folder = new Folder();
    const file = folder.write('ca.pem', 'not a certificate');
    expect(caFile(file)).toEqual({
      wrong: expect.stringContaining(file),
      right: expect.stringContaining('BEGIN CERTIFICATE'),
    });
  });

  test('with certificates gives those and nothing that stands beside them', () => {
    using folder = new Folder();
    const [first = '', second = ''] = rootCertificates;
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
    const file = folder.write('ca.pem', `# Prüfstelle\n${first}\n${key}\n${second}`);
    expect(caFile(file)).toEqual({ pem: `${first}\n${second}\n` });
  });

  test('with a certificate that is damaged is noticed', () => {
    using folder = new Folder();
    const file = folder.write('ca.pem', rootCertificates[0]?.replace('M', '') ?? '');
    expect(caFile(file)).toHaveProperty('wrong');
  });
});
