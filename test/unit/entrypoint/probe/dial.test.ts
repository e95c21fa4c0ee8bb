import { expect, it } from 'vitest';
import { kindOf } from '../../../../entrypoint/probe/dial.ts';
import { NoAnswer } from '../../../../entrypoint/probe/smtp-session.ts';

const system = (code: string) => Object.assign(new Error(code), { code });

it.each([
  [25, new NoAnswer(), 'port-25'],
  [25, system('ETIMEDOUT'), 'port-25'],
  [587, new NoAnswer(), 'no-answer'],
  [587, system('ECONNREFUSED'), 'connection-refused'],
  [587, system('ECONNRESET'), 'connection-reset'],
  [587, system('ENETUNREACH'), 'no-network'],
  [587, system('EHOSTUNREACH'), 'no-network'],
  [587, system('EPERM'), 'firewall'],
  [587, system('EMFILE'), 'no-connection'],
])('no connection to port %i (%s) is trouble of the kind %s', (port, fault, kind) => {
  expect(kindOf(fault, port, ['192.0.2.1'])).toBe(kind);
});

it('a server with IPv6 addresses only is told apart, where there is no way to any', () => {
  expect(kindOf(system('ENETUNREACH'), 587, ['2001:db8::1'])).toBe('no-ipv6');
});
