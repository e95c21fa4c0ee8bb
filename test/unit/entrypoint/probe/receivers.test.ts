import { describe, expect, it } from 'vitest';
import { type Look, lookAsReceiver } from '../../../../entrypoint/probe/receivers/receivers.ts';
import { checkSpf } from '../../../../entrypoint/probe/receivers/spf.ts';
import { isOfPolicy, stsOf } from '../../../../entrypoint/probe/receivers/sts.ts';
import { a, mx, named, serveDns, txt, type Zone } from './dns-server.ts';

const ADDRESS = '192.0.2.10';

/** A relay that receivers have nothing against. */
const GOOD: Zone = {
  'PTR 10.2.0.192.in-addr.arpa': [named('relay.home.example')],
  'A relay.home.example': [a(ADDRESS)],
  'MX home.example': [mx('mail.home.example')],
  'TXT home.example': [txt('something else'), txt('v=spf1 ip4:192.0.2.0/28 -all')],
  'TXT _dmarc.home.example': [txt('v=DMARC1; p=reject')],
};

async function look(
  changes: Zone,
  signed: readonly string[] = [],
  published = signed,
): Promise<readonly Look[]> {
  const zone = Object.fromEntries(
    Object.entries({ ...GOOD, ...changes }).filter(([, records]) => records?.length !== 0),
  );
  using dns = await serveDns(zone, () => false);
  const sender = {
    addresses: [ADDRESS],
    helo: 'relay.home.example',
    domains: ['home.example'],
    blockLists: ['list.example'],
    signed,
    published,
  };
  return await lookAsReceiver(sender, dns.resolver);
}

it('a relay in order is found to be', async () => {
  const looks = await look({});
  expect(looks.map(({ kind }) => kind)).toEqual([
    'ptr',
    'helo-name',
    'spf-pass',
    'unsigned',
    'dmarc-policy',
    'unlisted',
  ]);
});

describe('a fault in the DNS is named', () => {
  it.each<[string, Zone, object]>([
    ['no PTR record', { 'PTR 10.2.0.192.in-addr.arpa': [] }, { kind: 'no-ptr', address: ADDRESS }],
    [
      'a PTR record whose name leads elsewhere',
      {
        'PTR 10.2.0.192.in-addr.arpa': [named('pool-10.isp.example')],
        'A pool-10.isp.example': [a('192.0.2.77')],
      },
      { kind: 'ptr-mismatch', name: 'pool-10.isp.example', addresses: ['192.0.2.77'] },
    ],
    [
      'a name in EHLO that leads nowhere',
      {
        'A relay.home.example': [],
        'PTR 10.2.0.192.in-addr.arpa': [named('a.isp.example')],
        'A a.isp.example': [a(ADDRESS)],
      },
      { kind: 'helo-elsewhere', name: 'relay.home.example', addresses: [] },
    ],
    [
      'a domain that does not exist',
      { 'MX home.example': [], 'TXT home.example': [] },
      { kind: 'sender-domain', sender: '@home.example' },
    ],
    ['no SPF record', { 'TXT home.example': [txt('hello')] }, { kind: 'spf', fault: 'none' }],
    [
      'two SPF records',
      { 'TXT home.example': [txt('v=spf1 a -all'), txt('v=spf1 mx -all')] },
      { kind: 'spf', fault: 'several' },
    ],
    [
      'an SPF record that forbids this address',
      { 'TXT home.example': [txt('v=spf1 ip4:198.51.100.1 -all')] },
      { kind: 'spf', fault: 'fail', address: ADDRESS },
    ],
    [
      'an SPF record that doubts it',
      { 'TXT home.example': [txt('v=spf1 mx ~all')] },
      { kind: 'spf', fault: 'softfail' },
    ],
    [
      'an SPF record with a slip in it',
      { 'TXT home.example': [txt('v=spf1 ipv4:192.0.2.10 -all')] },
      { kind: 'spf', fault: 'invalid', term: 'ipv4:192.0.2.10' },
    ],
    [
      'an SPF record that includes itself',
      { 'TXT home.example': [txt('v=spf1 include:home.example -all')] },
      { kind: 'spf', fault: 'too-many-lookups' },
    ],
    [
      'two DMARC records',
      { 'TXT _dmarc.home.example': [txt('v=DMARC1; p=none'), txt('v=DMARC1; p=reject')] },
      { kind: 'dmarc', fault: 'several', domain: 'home.example' },
    ],
    [
      'a DMARC record without a policy',
      { 'TXT _dmarc.home.example': [txt('v=DMARC1; rua=mailto:a@home.example')] },
      { kind: 'dmarc', fault: 'invalid' },
    ],
    [
      'a DMARC policy that nothing vouches against',
      { 'TXT home.example': [txt('v=spf1 ~all')] },
      { kind: 'dmarc', fault: 'unvouched', policy: 'reject' },
    ],
    [
      'an address on a block list',
      {
        'A 10.2.0.192.list.example': [a('127.0.0.2')],
        'TXT 10.2.0.192.list.example': [txt('https://list.example/?192.0.2.10')],
      },
      { kind: 'listed', list: 'list.example', reason: 'https://list.example/?192.0.2.10' },
    ],
    ['a DNS that gives an error', { 'TXT home.example': null }, { kind: 'resolver' }],
  ])('%s', async (_, changes, trouble) => {
    expect(await look(changes)).toContainEqual(
      expect.objectContaining({ kind: 'trouble', trouble: expect.objectContaining(trouble) }),
    );
  });
});

it.each([['127.255.255.254'], ['203.0.113.80']])(
  'a list that answers %s says nothing of the address',
  async (code) => {
    const looks = await look({ 'A 10.2.0.192.list.example': [a(code)] });
    expect(looks).toContainEqual({ kind: 'list-silent', address: ADDRESS, list: 'list.example' });
  },
);

it('a signature vouches where SPF does not', async () => {
  const looks = await look({ 'TXT home.example': [txt('v=spf1 ~all')] }, ['home.example']);
  expect(looks).toContainEqual({ kind: 'dmarc-policy', domain: 'home.example', policy: 'reject' });
});

it('a signature whose key the DNS lacks vouches for nothing', async () => {
  const looks = await look({ 'TXT home.example': [txt('v=spf1 ~all')] }, ['home.example'], []);
  expect(looks).toContainEqual(
    expect.objectContaining({ trouble: expect.objectContaining({ fault: 'unvouched' }) }),
  );
});

it('a domain below has the DMARC policy of the one above, for those below', async () => {
  using dns = await serveDns(
    {
      ...GOOD,
      'MX sub.home.example': [mx('mail.home.example')],
      'TXT sub.home.example': [txt('v=spf1 redirect=home.example')],
      'TXT _dmarc.home.example': [txt('v=DMARC1; p=reject; sp=quarantine')],
    },
    () => false,
  );
  const looks = await lookAsReceiver(
    {
      addresses: [ADDRESS],
      helo: 'relay.home.example',
      domains: ['sub.home.example'],
      signed: [],
      published: [],
      blockLists: [],
    },
    dns.resolver,
  );
  expect(looks).toContainEqual({
    kind: 'dmarc-policy',
    domain: 'sub.home.example',
    policy: 'quarantine',
  });
});

describe('SPF', () => {
  const ZONE: Zone = {
    'A mail.home.example': [a('192.0.2.9')],
    'MX home.example': [mx('mail.home.example')],
    'A 10.2.0.192._spf.home.example': [a('127.0.0.2')],
    'TXT other.example': [txt('v=spf1 ip4:192.0.2.10 -all')],
    'TXT long.example': [txt(`v=spf1 ${'ip4:198.51.100.1 '.repeat(20)}ip4:192.0.2.10 -all`)],
    'PTR 10.2.0.192.in-addr.arpa': [named('relay.home.example')],
    'A relay.home.example': [a(ADDRESS)],
  };

  it.each([
    ['v=spf1 a:relay.home.example -all', 'pass'],
    ['v=spf1 mx -all', 'fail'],
    ['v=spf1 mx/28 -all', 'pass'],
    ['v=spf1 include:other.example -all', 'pass'],
    ['v=spf1 include:long.example -all', 'pass'],
    ['v=spf1 -include:other.example +all', 'fail'],
    ['v=spf1 exists:%{ir}._spf.%{d2} -all', 'pass'],
    ['v=spf1 ptr:home.example -all', 'pass'],
    ['v=spf1 ip6:2001:db8::/32 ?all', 'neutral'],
    ['v=spf1 redirect=other.example', 'pass'],
    ['v=spf1', 'neutral'],
    ['v=spf1 include:nowhere.example -all', 'invalid'],
    ['v=spf1 ip4:relay.home.example -all', 'invalid'],
  ])('"%s" says %s', async (record, kind) => {
    using dns = await serveDns({ ...ZONE, 'TXT home.example': [txt(record)] }, () => false);
    const sending = { address: ADDRESS, helo: 'relay.home.example' };
    expect((await checkSpf('home.example', sending, dns.resolver)).kind).toBe(kind);
  });
});

describe('a policy for those who send (MTA-STS)', () => {
  const policyBy = async (zone: Zone, text: string) => {
    using dns = await serveDns(zone, () => false);
    return await stsOf('home.example', dns.resolver, (url) =>
      url === 'https://mta-sts.home.example/.well-known/mta-sts.txt'
        ? Promise.resolve(text)
        : Promise.reject(new Error(url)),
    );
  };
  const ANNOUNCED: Zone = { 'TXT _mta-sts.home.example': [txt('v=STSv1; id=1')] };

  it.each<[Zone, string, object]>([
    [
      ANNOUNCED,
      'version: STSv1\r\nmode: enforce\r\nmx: mail.home.example\r\nmx: *.mx.example\r\nmax_age: 1\r\n',
      { kind: 'policy', mode: 'enforce', hosts: ['mail.home.example', '*.mx.example'] },
    ],
    [ANNOUNCED, '<html>', { kind: 'unusable' }],
    [{}, '', { kind: 'none' }],
  ])('%j, "%s" is %j', async (zone, text, expected) => {
    expect(await policyBy(zone, text)).toMatchObject(expected);
  });

  it.each([
    ['MAIL.home.example', true],
    ['a.mx.example', true],
    ['a.b.mx.example', false],
    ['mx.example', false],
  ])('%s is of it: %s', (host, expected) => {
    expect(isOfPolicy(host, ['mail.home.example', '*.mx.example'])).toBe(expected);
  });
});
