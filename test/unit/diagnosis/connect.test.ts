import { expect, it } from 'vitest';
import { connectionFault } from '../../../entrypoint/probe/connect.ts';
import { settingName } from '../../../entrypoint/probe/servers.ts';
import { NoAnswer } from '../../../entrypoint/probe/smtp-session.ts';

const system = (code: string) => Object.assign(new Error(code), { code });

it.each([
  [25, new NoAnswer(), /most providers of home connections block it/, /RELAY_PORT=587/],
  [25, system('ETIMEDOUT'), /most providers of home connections block it/, /RELAY_HOST/],
  [587, new NoAnswer(), /port 587 of a\.example does not answer/, /firewalls/],
  [587, system('ECONNREFUSED'), /nothing listens on port 587/, /587 or 465/],
  // An address of IPv6, and a container without it.
  [587, system('ENETUNREACH'), /no way from this container/, /POSTFIX_inet_protocols=ipv4/],
  [587, system('EHOSTUNREACH'), /no way from this container/, /the container's network/],
])('no connection to port %i (%s) is told with its remedy', (port, fault, words, remedy) => {
  const host = 'a.example';
  expect(connectionFault('x', { host, port }, fault, settingName('relay'))).toEqual({
    state: 'wrong',
    topic: 'x',
    words: expect.stringMatching(words),
    remedy: expect.stringMatching(remedy),
  });
});
