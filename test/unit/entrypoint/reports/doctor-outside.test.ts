import { expect, it } from 'vitest';
import type { ProbeContext } from '../../../../entrypoint/probe/context.ts';
import { newResolver } from '../../../../entrypoint/probe/dns.ts';
import { mailServerOf } from '../../../../entrypoint/probe/servers.ts';
import { domainsToTry } from '../../../../entrypoint/reports/doctor/direct.ts';
import { outsideAddresses } from '../../../../entrypoint/reports/doctor/outside.ts';

const contextOf = (families: ProbeContext['families']): ProbeContext => ({
  families,
  names: { resolver: newResolver(), hosts: '' },
  trust: () => {
    throw new Error('nobody is asked');
  },
  tokenTrouble: () => undefined,
  helo: 'relay.example',
  now: new Date(),
});

const seen = (address: string) => ({
  server: mailServerOf('example.com', { tls: 'opportunistic' }),
  facts: [{ kind: 'seen-as', address }] as const,
});

it.each<[string, string, string[], string[], ProbeContext['families'], string[]]>([
  ['what the settings say', '192.0.2.1, 192.0.2.2', [], [], [4], ['192.0.2.1', '192.0.2.2']],
  ['a public address of an interface', '', ['172.17.0.2', '9.9.9.9'], [], [4], ['9.9.9.9']],
  ['what a server says it sees', '', ['172.17.0.2'], ['9.9.9.9'], [4, 6], ['9.9.9.9']],
  ['nothing that is of a home', '', ['fd00::2', 'fe80::1', '::1'], ['10.0.0.1'], [4, 6], []],
  ['IPv6 too', '', ['2620:fe::fe'], ['9.9.9.9'], [4, 6], ['2620:fe::fe', '9.9.9.9']],
  ['no IPv6 where Postfix does not send by it', '', ['2620:fe::fe'], [], [4], []],
])('the outside addresses are %s', (_, to, own, servers, families, expected) => {
  const parameters = to === '' ? [] : [{ from: 'proxy_interfaces', to }];
  expect(
    outsideAddresses({ parameters }, servers.map(seen), { own, context: contextOf(families) }),
  ).toEqual(expected);
});

it('direct delivery is tried with the domains that mail waits for', () => {
  const recipients = [{ address: 'you@Example.com', reason: undefined }];
  const message = { id: 'A', queue: 'deferred', arrival: 0, size: 1, sender: '', recipients };
  expect(domainsToTry([message, message])).toEqual(['example.com']);
  expect(domainsToTry([])).toEqual(['gmail.com', 'outlook.com']);
});
