import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProbeContext } from '../../../../entrypoint/probe/context.ts';
import { newResolver } from '../../../../entrypoint/probe/dns.ts';
import type { Fact } from '../../../../entrypoint/probe/result.ts';
import { type Server, serversOf } from '../../../../entrypoint/probe/servers.ts';
import { trustOf } from '../../../../entrypoint/probe/trust.ts';
import { probe } from '../../../../entrypoint/probe/walk.ts';
import { settingsBy } from '../support/judge.ts';
import { LOOPBACK, serveDns, tlsa, type Zone } from './dns-server.ts';
import { type Answer, CA, CHAIN, type SmtpServer, serveSmtp } from './smtp-server.ts';

const SETTINGS = settingsBy('relay: {host: mail.isp.example, username: hoge, password: piyopiyo}');
const [RELAY] = serversOf(SETTINGS);

const CONTEXT: ProbeContext = {
  tokenTrouble: () => undefined,
  families: [4],
  names: { resolver: newResolver(), hosts: '127.0.0.1 mail.isp.example' },
  trust: trustOf({ certificates: [] }, [CA]),
  helo: 'relay.home.example',
  now: new Date(),
};

const AUTH = 'AUTH PLAIN LOGIN';
const ENCRYPTED = { clear: ['STARTTLS'], encrypted: [AUTH] };

const willing: Answer = (line) => {
  if (line.startsWith('AUTH LOGIN')) return '334 VXNlcm5hbWU6';
  return line.startsWith('AUTH') ? '235 welcome' : '250 ok';
};

async function walk(
  { port }: SmtpServer,
  more: Partial<Server> = {},
  context: Partial<ProbeContext> = {},
): Promise<readonly Fact[]> {
  if (RELAY === undefined) throw new Error('there is no relay host');
  const server = { ...RELAY, port, ...more };
  return (await probe(server, ['me@isp.example'], { ...CONTEXT, ...context })).facts;
}

const kinds = (facts: readonly Fact[]): readonly string[] =>
  facts.map((fact) => (fact.kind === 'trouble' ? fact.trouble.kind : fact.kind));

const said = ({ lines }: SmtpServer, verb: string): readonly string[] =>
  lines.filter((line) => line.startsWith(verb));

it('goes the whole way of a message, and sends none', async () => {
  using server = await serveSmtp(willing, ENCRYPTED);
  const facts = await walk(server);
  expect(kinds(facts)).toEqual([
    'connected',
    'encrypted',
    'mechanisms',
    'logged-in',
    'sender-taken',
  ]);
  expect(facts).toContainEqual(
    expect.objectContaining({ kind: 'encrypted', vouched: 'ca', protocol: 'TLSv1.3' }),
  );
  expect(server.lines.slice(-4)).toEqual([
    'MAIL FROM:<me@isp.example>',
    'RCPT TO:<me@isp.example>',
    'RSET',
    'QUIT',
  ]);
});

describe('a password stays here', () => {
  it.each<[string, Partial<Server>, readonly string[]]>([
    ['when the certificate is of an unknown CA', { tls: 'verify' }, ['STARTTLS']],
    ['when the server offers no encryption', { tls: 'encrypt' }, []],
    ['when nothing is encrypted, whatever the level says', { tls: 'opportunistic' }, [AUTH]],
    ['when encryption is switched off', { tls: 'none' }, ['STARTTLS', AUTH]],
  ])('%s', async (_, server, clear) => {
    using smtp = await serveSmtp(willing, { clear, encrypted: [AUTH] });
    await walk(smtp, server, { trust: trustOf({ certificates: [] }, []) });
    expect(said(smtp, 'AUTH')).toEqual([]);
    expect(said(smtp, 'MAIL')).toEqual([]);
  });
});

describe('with DANE', () => {
  const [own, authority] = CHAIN.split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((pem) => pem !== '')
    .map((pem) => new X509Certificate(pem));
  const sha = (size: 256 | 512, certificate = own) =>
    createHash(`sha${size}`)
      .update(certificate?.publicKey.export({ type: 'spki', format: 'der' }) ?? '')
      .digest();
  const OTHER = Buffer.alloc(32);

  async function walkBy(records: readonly Buffer[] | null, unsigned?: string) {
    using server = await serveSmtp(willing, ENCRYPTED);
    const name = `_${server.port}._tcp.mail.isp.example`;
    const zone: Zone = {
      'A mail.isp.example': [LOOPBACK],
      ...(records?.length === 0 ? {} : { [`TLSA ${name}`]: records }),
    };
    using dns = await serveDns(zone, (question) => !question.startsWith(unsigned ?? 'none'));
    const facts = await walk(
      server,
      { tls: 'dane' },
      { names: { resolver: dns.resolver, hosts: '127.0.0.9 mail.isp.example' } },
    );
    return { facts, logins: said(server, 'AUTH').length };
  }

  it.each<[string, readonly Buffer[]]>([
    ["the server's own key", [tlsa(3, 1, 1, sha(256))]],
    ['a stronger digest of it', [tlsa(3, 1, 2, sha(512)), tlsa(3, 1, 1, OTHER)]],
    ['its whole certificate', [tlsa(3, 0, 0, own?.raw ?? OTHER)]],
    ['the authority that signed it', [tlsa(2, 1, 1, sha(256, authority))]],
    ['one of several', [tlsa(3, 1, 1, OTHER), tlsa(3, 1, 1, sha(256))]],
  ])('a record of %s vouches for the certificate', async (_, records) => {
    const { facts, logins } = await walkBy(records);
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'encrypted', vouched: 'tlsa' }));
    expect(logins).toBe(1);
  });

  it.each<[string, readonly Buffer[] | null, string | undefined, string]>([
    ['no record', [], undefined, 'none'],
    ['a record that is not signed', [tlsa(3, 1, 1, sha(256))], 'TLSA', 'unsigned'],
    ['an address that is not signed', [tlsa(3, 1, 1, sha(256))], 'A ', 'unsigned'],
    ['a DNS that gives an error', null, undefined, 'no-answer'],
    ['a record of another kind', [tlsa(1, 1, 1, sha(256))], undefined, 'unusable'],
    ['a record of another key', [tlsa(3, 1, 1, OTHER)], undefined, 'other-certificate'],
    [
      'a weak digest beside a strong one of another key',
      [tlsa(3, 1, 1, sha(256)), tlsa(3, 1, 2, Buffer.alloc(64))],
      undefined,
      'other-certificate',
    ],
    [
      'the own key in the place of an authority',
      [tlsa(2, 1, 1, sha(256))],
      undefined,
      'other-certificate',
    ],
  ])('%s vouches for nothing, and no login is sent', async (_, records, unsigned, fault) => {
    const { facts, logins } = await walkBy(records, unsigned);
    expect(facts.at(-1)).toMatchObject({ kind: 'trouble', trouble: { kind: 'tlsa', fault } });
    expect(logins).toBe(0);
  });
});

describe('the login', () => {
  it.each([
    [['GSSAPI', 'NTLM', 'LOGIN'], 'LOGIN'],
    [['LOGIN', 'PLAIN'], 'PLAIN'],
    [['LOGIN', 'PLAIN', 'SCRAM-SHA-256'], 'SCRAM-SHA-256'],
  ])('is by what Postfix would pick of %j', async (offered, mechanism) => {
    using server = await serveSmtp(willing, {
      clear: ['STARTTLS'],
      encrypted: [`AUTH ${offered.join(' ')}`],
    });
    await walk(server);
    expect(said(server, 'AUTH')[0]).toMatch(new RegExp(`^AUTH ${mechanism}( |$)`));
  });

  it('that is refused ends the walk with what the server said', async () => {
    using server = await serveSmtp(
      (line) => (line.startsWith('AUTH') ? '535 5.7.8 no' : '250 ok'),
      ENCRYPTED,
    );
    expect((await walk(server)).at(-1)).toEqual({
      kind: 'trouble',
      trouble: {
        kind: 'password',
        step: 'AUTH',
        reply: { code: 535, enhanced: '5.7.8', text: '535 5.7.8 no' },
      },
    });
  });

  it('that never ends is left', async () => {
    using server = await serveSmtp(() => '334 ', ENCRYPTED);
    expect((await walk(server)).at(-1)).toEqual({
      kind: 'trouble',
      trouble: { kind: 'login-unfinished', mechanism: 'PLAIN' },
    });
  });

  it('without a mechanism in common does not take place', async () => {
    using server = await serveSmtp(willing, ENCRYPTED);
    expect((await walk(server, { mechanisms: ['cram-md5'] })).at(-1)).toMatchObject({
      trouble: { kind: 'mechanisms', offered: ['PLAIN', 'LOGIN'], usable: ['PLAIN', 'LOGIN'] },
    });
  });
});

describe('a name', () => {
  it('in /etc/hosts is found though the DNS gives an error', async () => {
    using server = await serveSmtp(willing, ENCRYPTED);
    using dns = await serveDns({ 'A mail.isp.example': null }, () => false);
    const names = { resolver: dns.resolver, hosts: CONTEXT.names.hosts };
    expect(kinds(await walk(server, {}, { names }))).toContain('logged-in');
  });

  it.each<[Zone, Partial<Server>, object]>([
    [{ 'A mail.isp.example': null }, {}, { kind: 'resolver', answered: true }],
    [{}, {}, { kind: 'name', name: 'mail.isp.example' }],
    [{ 'AAAA mail.isp.example': [Buffer.alloc(16, 1)] }, {}, { kind: 'other-family' }],
    [
      { 'MX isp.example': [Buffer.from([0, 0, 0])] },
      { host: 'isp.example', mx: true },
      { kind: 'takes-no-mail' },
    ],
  ])('that leads nowhere is told: %j', async (zone, server, trouble) => {
    using dns = await serveDns(zone, () => false);
    using smtp = await serveSmtp(willing, ENCRYPTED);
    const names = { resolver: dns.resolver, hosts: '' };
    expect((await walk(smtp, server, { names })).at(-1)).toMatchObject({ trouble });
  });
});

it('what a server keeps to itself until a recipient is named is told of the sender', async () => {
  using server = await serveSmtp(
    (line) => (line.startsWith('RCPT') ? '554 5.7.1 Relay access denied' : willing(line)),
    ENCRYPTED,
  );
  expect((await walk(server)).at(-1)).toMatchObject({
    trouble: { kind: 'login-too-weak', step: 'RCPT', sender: 'me@isp.example' },
  });
});
