import { expect, it } from 'vitest';
import { addressesInHosts, faultOf } from '../../../../entrypoint/probe/dns.ts';

it('a name in /etc/hosts is found whatever its case', () => {
  const hosts = '127.0.0.1 localhost\n192.0.2.1\tmail.isp.example Mail # mine\n#192.0.2.2 mail\n';
  expect(addressesInHosts(hosts, 'mail')).toEqual(['192.0.2.1']);
});

it.each([
  ['ENOTFOUND', 'unknown'],
  ['ENODATA', 'unknown'],
  ['ESERVFAIL', 'error'],
  ['EREFUSED', 'error'],
  ['ETIMEOUT', 'no answer'],
  ['ECONNREFUSED', 'no answer'],
])('the resolver\'s %s means "%s"', (code, meaning) => {
  expect(faultOf(Object.assign(new Error(code), { code }))).toBe(meaning);
});
