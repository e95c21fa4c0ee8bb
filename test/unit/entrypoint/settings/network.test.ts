import { describe, expect, test } from 'vitest';
import { ipAddress, network } from '../../../../entrypoint/settings/validators/network.ts';
import { REFUSED, reading } from '../support/validate.ts';

describe('a network', () => {
  test.each([
    ['attached', { kind: 'attached' }],
    ['Host', { kind: 'host' }],
    ['192.168.1.0/28', { kind: 'range', cidr: '192.168.1.0/28' }],
    ['192.168.1.10', { kind: 'range', cidr: '192.168.1.10/32' }],
    ['192.168.1.10/32', { kind: 'range', cidr: '192.168.1.10/32' }],
    ['10.0.0.0/8', { kind: 'range', cidr: '10.0.0.0/8' }],
    ['2001:DB8::/64', { kind: 'range', cidr: '2001:db8::/64' }],
    ['[2001:db8::]/64', { kind: 'range', cidr: '2001:db8::/64' }],
    ['2001:db8::25', { kind: 'range', cidr: '2001:db8::25/128' }],
    ['[2001:db8::25]', { kind: 'range', cidr: '2001:db8::25/128' }],
    ['!192.168.1.0/24', { kind: 'excluded', cidr: '192.168.1.0/24' }],
    ['!2001:db8::25', { kind: 'excluded', cidr: '2001:db8::25/128' }],
    ['fd00:0:0:1::/64', { kind: 'range', cidr: 'fd00:0:0:1::/64' }],
  ])('%j is %j', (text, value) => {
    expect(reading(network(), text)).toEqual(value);
  });

  test.each([
    'atached',
    'myhome.net',
    '192.168.1',
    '192.168.1.256',
    '192.168.001.010',
    '0xC0A80101',
    '3232235777',
    '192.168.1.*',
    '192.168.1.1-9',
    '!',
    '!attached',
    '!192.168.1.10/24',
    'fe80::1%eth0',
    '192.168.1.0/33',
    '192.168.1.0/',
    '192.168.1.0/255.255.255.0',
    '2001:db8::/129',
    '192.168.1.10/24',
    '2001:db8::1/64',
    '0.0.0.0/0',
    '192.168.1.0/0',
    '::/0',
  ])('%j is refused', (text) => {
    expect(reading(network(), text)).toEqual(REFUSED);
  });
});

describe('a single address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('%j is %j', (text, value) => {
    expect(reading(ipAddress(), text)).toBe(value);
  });

  test('"192.0.2.0/24" is refused', () => {
    expect(reading(ipAddress(), '192.0.2.0/24')).toEqual(REFUSED);
  });

  test.each(['attached', 'nat.example.com', '1.2.3'])('%j is refused', (text) => {
    expect(reading(ipAddress(), text)).toEqual(REFUSED);
  });
});
