import { expect, it } from 'vitest';
import { rangeFault, readServer } from '../../../../entrypoint/setup/given.ts';
import { lanOf } from '../../../../src/running/lan.ts';

it.each([
  ['mail.isp.example', { host: 'mail.isp.example', port: 587 }],
  ['Mail.ISP.example:465', { host: 'mail.isp.example', port: 465 }],
  ['192.0.2.1:25', { host: '192.0.2.1', port: 25 }],
  ['mail.isp.example:0', undefined],
  ['me@isp.example', undefined],
  ['smtp://mail.isp.example', undefined],
])('the server %s', (text, server) => {
  expect(readServer(text)).toEqual(server);
});

it.each([
  ['192.168.1.0/24', undefined],
  ['fd00::/64', undefined],
  ['192.168.1.7/24', 'use 192.168.1.0/24'],
  ['192.168.1.0', 'use a range such as 192.168.1.0/24'],
  ['home', 'use a range such as 192.168.1.0/24'],
])('the range %s', (text, fault) => {
  expect(rangeFault(text)).toBe(fault);
});

it('the LAN of a machine is the first private network that no container made', () => {
  const at = (cidr: string, internal = false) => [
    { cidr, internal, family: 'IPv4', address: '', netmask: '', mac: '' } as const,
  ];
  const interfaces = {
    lo: at('127.0.0.1/8', true),
    docker0: at('172.17.0.1/16'),
    ppp0: at('203.0.113.7/32'),
    eth0: at('192.168.178.20/24'),
  };
  expect(lanOf(interfaces)).toBe('192.168.178.0/24');
  expect(lanOf({ lo: at('127.0.0.1/8', true) })).toBeUndefined();
});
