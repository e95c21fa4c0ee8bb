import { expect, it } from 'vitest';
import type { QueuedMessage } from '../../../entrypoint/postfix/queue-entry.ts';
import { addressesInHosts, faultOf } from '../../../entrypoint/probe/addresses.ts';
import { domainsToTry } from '../../../entrypoint/probe/direct.ts';

const message: QueuedMessage = {
  id: 'A',
  queue: 'deferred',
  arrival: 0,
  size: 1,
  sender: '',
  recipients: [{ address: 'you@Example.com', reason: undefined }],
};

it('direct delivery is tried with the domains that mail waits for', () => {
  expect(domainsToTry([message, message])).toEqual(['example.com']);
  expect(domainsToTry([])).toEqual(['gmail.com', 'outlook.com']);
});

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
