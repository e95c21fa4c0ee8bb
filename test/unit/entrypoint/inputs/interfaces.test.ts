import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { addressesOf, gatewaysIn } from '../../../../entrypoint/inputs/interfaces.ts';

const info = (cidr: string, internal = false): NetworkInterfaceInfo => {
  const address = cidr.slice(0, cidr.indexOf('/'));
  const rest = { cidr, netmask: '', mac: '', internal };
  return address.includes(':')
    ? { ...rest, address, family: 'IPv6', scopeid: 0 }
    : { ...rest, address, family: 'IPv4' };
};

const INTERFACES = {
  lo: [info('127.0.0.1/8', true)],
  eth0: [info('10.0.0.7/24')],
  eth1: [info('10.0.1.5/24'), info('fd00:1::5/64')],
};
const HEAD = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';

test.each([
  ['nobody wrote addresses into it', HEAD, []],
  ['it is empty', '', []],
  ['every network is named', `${HEAD}10.0.0.7\trelay\n10.0.1.5\trelay\n`, []],
  ['one is not named', `${HEAD}10.0.1.5\trelay\n`, ['10.0.0.7']],
  ['one is named by its address of IPv6', `${HEAD}fd00:1::5\trelay\n`, ['10.0.0.7']],
  ['another machine is named', `${HEAD}10.0.0.9\tdb\n`, []],
  ['one is named in a comment', `${HEAD}10.0.1.5\trelay\n# 10.0.0.7\trelay\n`, ['10.0.0.7']],
])('where in /etc/hosts %s', (_, hosts, ingress) => {
  const addresses = addressesOf(INTERFACES, hosts);
  expect(addresses.map(({ address, prefix }) => `${address}/${prefix}`)).toEqual([
    '10.0.0.7/24',
    '10.0.1.5/24',
    'fd00:1::5/64',
  ]);
  expect(addresses.flatMap((one) => (one.isIngress ? [one.address] : []))).toEqual(ingress);
});

test("the host's own interfaces are none of a swarm", () => {
  const host = {
    enp3s0: [info('192.168.1.10/24')],
    docker0: [info('172.17.0.1/16')],
  };
  expect(addressesOf(host, '192.168.1.10 server\n')).toEqual([
    { address: '192.168.1.10', prefix: 24 },
    { address: '172.17.0.1', prefix: 16 },
  ]);
});

test('the host as the engine names it in /etc/hosts is a gateway', () => {
  const hosts = `${HEAD}10.88.0.1 host.containers.internal host.docker.internal\n172.17.0.1\thost.docker.internal\n# 10.0.0.1 gateway.docker.internal\n10.0.0.9\tghost.docker.internal\n`;
  expect(gatewaysIn(hosts)).toEqual(['10.88.0.1', '172.17.0.1']);
});
