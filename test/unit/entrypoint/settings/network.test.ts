import { describe, expect, test } from 'vitest';
import { ipAddress, network } from '../../../../entrypoint/settings/validators/network.ts';
import { reading } from '../support/validate.ts';

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

  const USE =
    'use attached, host, an address such as 192.168.1.10, or a range such as 192.168.1.0/24';
  test.each([
    ['atached', `"atached" is not an address or a network; ${USE}`],
    ['myhome.net', `"myhome.net" is not an address or a network; ${USE}`],
    ['192.168.1', `"192.168.1" is not an address or a network; ${USE}`],
    ['192.168.1.256', `"192.168.1.256" is not an address or a network; ${USE}`],
    ['192.168.001.010', `"192.168.001.010" is not an address or a network; ${USE}`],
    ['0xC0A80101', `is not an address or a network (not shown: it may hold a password); ${USE}`],
    ['3232235777', `"3232235777" is not an address or a network; ${USE}`],
    ['192.168.1.*', `"192.168.1.*" is not an address or a network; ${USE}`],
    ['192.168.1.1-9', `"192.168.1.1-9" is not an address or a network; ${USE}`],
    ['!', `"" is not an address or a network; ${USE}`],
    [
      '!attached',
      '"!attached" is not a network; leave it out, or write "!" before an address or a range',
    ],
    [
      '!192.168.1.10/24',
      '"192.168.1.10/24" is an address inside a network, not a network; use 192.168.1.0/24 for the network or 192.168.1.10 for that one machine',
    ],
    ['fe80::1%eth0', `"fe80::1%eth0" is not an address or a network; ${USE}`],
    [
      '192.168.1.0/33',
      '"192.168.1.0/33" is not a network; use a prefix length from 1 to 32, as in 192.168.1.0/32',
    ],
    [
      '192.168.1.0/',
      '"192.168.1.0/" is not a network; use a prefix length from 1 to 32, as in 192.168.1.0/32',
    ],
    [
      '192.168.1.0/255.255.255.0',
      '"192.168.1.0/255.255.255.0" is not a network; use a prefix length from 1 to 32, as in 192.168.1.0/32',
    ],
    [
      '2001:db8::/129',
      '"2001:db8::/129" is not a network; use a prefix length from 1 to 128, as in 2001:db8::/128',
    ],
    [
      '192.168.1.10/24',
      '"192.168.1.10/24" is an address inside a network, not a network; use 192.168.1.0/24 for the network or 192.168.1.10 for that one machine',
    ],
    [
      '2001:db8::1/64',
      '"2001:db8::1/64" is an address inside a network, not a network; use 2001:db8::/64 for the network or 2001:db8::1 for that one machine',
    ],
    [
      '0.0.0.0/0',
      '"0.0.0.0/0" would let everyone send: an open relay; name the networks that your own machines are on',
    ],
    [
      '192.168.1.0/0',
      '"192.168.1.0/0" would let everyone send: an open relay; name the networks that your own machines are on',
    ],
    [
      '::/0',
      '"::/0" would let everyone send: an open relay; name the networks that your own machines are on',
    ],
  ])('%j is refused', (text, refused) => {
    expect(reading(network(), text)).toEqual({ refused });
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
    expect(reading(ipAddress(), '192.0.2.0/24')).toEqual({
      refused: '"192.0.2.0/24" is not an address; leave out the prefix length',
    });
  });

  test.each(['attached', 'nat.example.com', '1.2.3'])('%j is refused', (text) => {
    expect(reading(ipAddress(), text)).toEqual({
      refused: `"${text}" is not an address; use one such as 192.0.2.1`,
    });
  });
});
