import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOf, LOGIN } from '../support/customer.ts';
import { accountAt, examine, type Finding } from '../support/examination.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { LOCKED_DOWN, type Relay, type RelaySettings, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';
import { startWalled } from '../support/walled.ts';

// Every fault is made for real; the doctor has to name it, with the setting that mends it.

const PASSWORD = LOGIN.password;
const WRONG_PASSWORD = 'a-wrong-one';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let good: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
});
afterAll(() => stack.disposeAsync());

async function start(name: string, settings: Partial<ProviderSettings> = {}) {
  const names = [`${name}.isp.example`] as const;
  const users = { hoge: PASSWORD, busy: PASSWORD, secured: PASSWORD, other: PASSWORD };
  return stack.use(await startProvider(network, { names, users, ...settings }));
}

const relay = async (settings: RelaySettings) => stack.use(await startRelay(network, settings));

const wrongs = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'wrong');

describe('a relay whose accounts have one fault each', () => {
  let patient: Relay;
  let findings: readonly Finding[];
  let peakSessions: number;

  beforeAll(async () => {
    [good] = await Promise.all([
      start('good', { senders: { hoge: ['hoge@good.isp.example'] } }),
      start('expired', { certificate: 'expired' }),
      start('elsewhere', { certificate: 'wrong-name' }),
      start('unknown-ca', { certificate: 'self-signed' }),
      start('tokens', { mechanisms: ['XOAUTH2', 'GSSAPI'], size: 1_000_000 }),
      start('clear', { starttls: false }),
      start('early', { certificate: 'not-yet-valid' }),
      start('weak', { certificate: 'weak' }),
      start('old', { tlsMin: 'TLSv1', tlsMax: 'TLSv1' }),
      startWalled(network, 'walled.isp.example', [587]).then((walled) => stack.use(walled)),
    ]);
    await good.setFaults(
      { at: 'mail', reply: '421 4.7.28 unusual rate of mail', match: { username: 'busy' } },
      {
        at: 'auth',
        reply: '534 5.7.9 Application-specific password required',
        match: { username: 'secured' },
      },
      {
        at: 'mail',
        reply: '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
        match: { username: 'other' },
      },
      { at: 'starttls', reply: '454 4.7.0 TLS not available', match: { listener: 25 } },
      {
        at: 'connect',
        reply: '554 5.7.1 Client host [192.0.2.4] blocked using zen.spamhaus.org',
        match: { listener: 465 },
      },
    );
    const account = accountAt('good.isp.example');
    // JSON is YAML as well.
    const config = {
      myorigin: 'made-up.example',
      relay: account('relay', { sender: undefined }),
      accounts: [
        account('password', { password: WRONG_PASSWORD }),
        account('app', { username: 'secured' }),
        account('expired', { host: 'expired.isp.example' }),
        account('name', { host: 'elsewhere.isp.example' }),
        account('ca', { host: 'unknown-ca.isp.example' }),
        account('closed', { port: 2525 }),
        account('nowhere', { host: 'nowhere.isp.example' }),
        account('tokens', { host: 'tokens.isp.example', mechanisms: ['plain', 'login'] }),
        account('narrow', { mechanisms: ['scram-sha-224'] }),
        account('busy', { username: 'busy' }),
        account('clear', { host: 'clear.isp.example' }),
        account('silent', { port: 8080 }),
        account('other', { username: 'other' }),
        account('early', { host: 'early.isp.example' }),
        account('old', { host: 'old.isp.example' }),
        account('no-tls-now', { port: 25 }),
        account('listed', { port: 465 }),
        account('walled', { host: 'walled.isp.example' }),
        account('anonymous', { username: undefined, password: undefined }),
        account('weak', { host: 'weak.isp.example' }),
      ],
    };
    const env = { RELAY_CONFIG: JSON.stringify(config) };
    patient = await relay({ env, files: { '/ca.pem': good.caPem } });
    ({ findings } = await examine(patient));
    ({ peakSessions } = await good.stats());
  });

  it.each<[fault: string, subject: string, trouble: object, setting: string | undefined]>([
    [
      'a wrong password',
      'password@x.example',
      { kind: 'password', step: 'AUTH', reply: expect.objectContaining({ enhanced: '5.7.8' }) },
      'accounts.0.password',
    ],
    [
      'a password that has to be an app password',
      'app@x.example',
      { kind: 'app-password' },
      'accounts.1.password',
    ],
    [
      'an expired certificate',
      'expired@x.example',
      { kind: 'certificate', fault: 'expired', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      'accounts.2.tls',
    ],
    [
      "a certificate of another's name",
      'name@x.example',
      { kind: 'certificate', fault: 'name', names: ['somebody-else.example'] },
      'accounts.3.host',
    ],
    [
      'a certificate of an unknown CA',
      'ca@x.example',
      { kind: 'certificate', fault: 'untrusted', ownCa: true },
      'accounts.4.ca_file',
    ],
    [
      'a closed port',
      'closed@x.example',
      { kind: 'connection-refused', port: 2525 },
      'accounts.5.port',
    ],
    [
      'a name that does not exist',
      'nowhere@x.example',
      { kind: 'name', name: 'nowhere.isp.example' },
      'accounts.6.host',
    ],
    [
      'mechanisms that need what this relay has not',
      'tokens@x.example',
      {
        kind: 'mechanisms',
        offered: ['XOAUTH2', 'GSSAPI'],
        allowed: ['plain', 'login'],
        usable: [],
      },
      'accounts.7.password',
    ],
    [
      'mechanisms that the settings leave out',
      'narrow@x.example',
      {
        kind: 'mechanisms',
        allowed: ['scram-sha-224'],
        usable: ['CRAM-MD5', 'PLAIN', 'LOGIN'],
      },
      'accounts.8.mechanisms',
    ],
    [
      'a message size that is larger than the server takes',
      'tokens@x.example',
      { kind: 'size-limit', theirs: 1_000_000, ours: 26_214_400 },
      'message_size',
    ],
    [
      'a rate limit',
      'busy@x.example',
      { kind: 'rate', step: 'MAIL', sender: 'busy@x.example' },
      'accounts.9.connections',
    ],
    [
      'a server without STARTTLS',
      'clear@x.example',
      { kind: 'no-tls', port: 587 },
      'accounts.10.port',
    ],
    ['a port that says nothing', 'silent@x.example', { kind: 'no-greeting' }, 'accounts.11.port'],
    [
      'a sender that the provider refuses',
      'relay host',
      { kind: 'sender', sender: 'root@made-up.example' },
      'generic',
    ],
    [
      'a sender that another provider refuses in its own words',
      'other@x.example',
      { kind: 'sender', sender: 'other@x.example' },
      'accounts.12.username',
    ],
    [
      'one address that all mail could have (send_as)',
      'relay host',
      { kind: 'sender', sender: 'root@made-up.example' },
      'send_as',
    ],
    [
      "one address that all of an account's mail could have",
      'other@x.example',
      { kind: 'sender', sender: 'other@x.example' },
      'accounts.12.send_as',
    ],
    [
      'a certificate that is not valid yet',
      'early@x.example',
      { kind: 'certificate', fault: 'not-yet-valid' },
      undefined,
    ],
    [
      'a weak certificate',
      'weak@x.example',
      { kind: 'certificate', fault: 'weak', detail: expect.stringMatching(/sha1.*1024/i) },
      'accounts.19.tls',
    ],
    [
      'a server that knows old TLS alone',
      'old@x.example',
      { kind: 'tls-too-old' },
      'accounts.14.host',
    ],
    [
      'a server whose TLS does not work at the moment',
      'no-tls-now@x.example',
      { kind: 'starttls-refused', reply: expect.objectContaining({ code: 454 }) },
      'accounts.15.port',
    ],
    [
      'a block list with the address of this connection on it',
      'listed@x.example',
      { kind: 'address-reputation', step: 'greeting' },
      'accounts.16.host',
    ],
    [
      'a port that a firewall swallows',
      'walled@x.example',
      { kind: 'no-answer', port: 587 },
      'accounts.17.port',
    ],
    [
      'a login that the server wants and the settings lack',
      'anonymous@x.example',
      { kind: 'login-wanted', sender: 'anonymous@x.example' },
      'accounts.18.username',
    ],
  ])('is told of %s', (_, subject, trouble, setting) => {
    const found = findings.filter((one) => one.subject.includes(subject));
    expect(found).toContainEqual(
      expect.objectContaining({
        state: 'wrong',
        trouble: expect.objectContaining(trouble),
        settings: setting === undefined ? [] : expect.arrayContaining([setting]),
      }),
    );
  });

  it('is told of nothing else', () => {
    expect(wrongs(findings)).toHaveLength(22);
  });

  it('has all its servers asked at once, so that one that never answers delays no other', () => {
    // Ten accounts have their server here; asked one after the other, they would never meet.
    expect(peakSessions).toBeGreaterThanOrEqual(5);
  });

  it('reads one line for each check, what is wrong last and counted, and never a secret', async () => {
    const { output, exitCode } = await patient.exec(['hikyaku', 'doctor']);
    const [count, ...reversed] = output.trimEnd().split('\n').reverse();
    const lines = reversed.reverse();
    expect(exitCode).toBe(1);
    expect(count).toMatch(/^22 of \d+ checks /);
    const firstWrong = lines.findIndex((line) => line.startsWith('WRONG'));
    expect(lines.slice(firstWrong).filter((line) => /^(ok|note) /.test(line))).toEqual([]);
    expect(lines.filter((line) => !/^(ok {3}|note |WRONG| {7}->) /.test(line))).toEqual([]);
    for (const [index, line] of lines.entries()) {
      if (line.startsWith('WRONG')) expect(lines[index + 1]).toMatch(/^ +-> \S/);
    }
    for (const password of [PASSWORD, WRONG_PASSWORD]) expect(output).not.toContain(password);
  });

  it('looks at the way of one sender alone, when asked to', async () => {
    const { stdout, exitCode } = await patient.exec([
      'hikyaku',
      'doctor',
      '--sender',
      'password@x.example',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^ok {5}sender password@x\.example: goes by account password@x\.example /,
    );
    expect(stdout).toContain('accounts[0].password');
    expect(stdout).toMatch(/\n1 of \d+ checks .*\n$/);
    expect(stdout).not.toContain('expired@x.example');
    const of = (words: readonly string[]) => patient.exec(['hikyaku', 'doctor', ...words]);
    expect((await of(['--sender', 'somebody@y.example'])).stdout).toContain(
      'has no account of its own, and goes by the relay host [good.isp.example]:587',
    );
    expect((await of(['--sender', 'nobody'])).exitCode).toBe(64);
  });

  it('has left nothing at the servers but attempts to log in', async () => {
    expect(await good.messages()).toEqual([]);
  });
});

describe('a relay that is well', () => {
  const YAML = 'relay: {connections: 5}\n';
  const FILE = '/etc/hikyaku/relay.yaml';
  let patient: Relay;

  beforeAll(async () => {
    const env = { RELAY_GENERIC: '@relay.localdomain=hoge@good.isp.example' };
    patient = await relay(customerOf(good, { hostname: 'relay', env, files: { [FILE]: YAML } }));
  });

  it('is told so, with exit code 0', async () => {
    const { ok, findings, exitCode } = await examine(patient);
    expect(wrongs(findings)).toEqual([]);
    expect({ ok, exitCode }).toEqual({ ok: true, exitCode: 0 });
    expect(findings).toContainEqual({
      state: 'ok',
      kind: 'sender-taken',
      subject: 'relay host [good.isp.example]:587',
      words: expect.stringContaining('hoge@good.isp.example'),
    });
  });

  const FILES = { kind: 'secret-file', path: '/etc/postfix/sasl_passwd' };

  const FAULTS: readonly [string, (patient: Relay) => Promise<unknown>, trouble: object][] = [
    [
      'settings that are not in force yet',
      (one) => one.write(FILE, 'relay: {connections: 7}\n'),
      { kind: 'not-in-force', files: ['main.cf'] },
    ],
    [
      'a table without its index',
      (one) => one.run(['rm', '/etc/postfix/sasl_passwd.lmdb']),
      { kind: 'table', reference: 'lmdb:/etc/postfix/sasl_passwd', fault: 'unreadable' },
    ],
    [
      'a password file that others can read',
      (one) => one.run(['chmod', '0644', '/etc/postfix/sasl_passwd']),
      { ...FILES, fault: 'readable' },
    ],
  ];

  /** The troubles that the doctor finds. */
  const troubles = async () =>
    wrongs((await examine(patient)).findings).map(({ trouble }) => trouble);

  it('and then gets an index older than its table is told', async () => {
    await patient.run(['touch', '-d', '+1 hour', '/etc/postfix/sasl_passwd']);
    expect(await troubles()).toEqual([{ ...FILES, fault: 'index-older' }]);
    await patient.run(['touch', '-d', '-1 hour', '/etc/postfix/sasl_passwd']);
    expect(await troubles()).toEqual([]);
  });

  it('and then gets a queue manager that does nothing is told, by the health check too', async () => {
    await patient.signalQueueManager('STOP');
    expect(await troubles()).toContainEqual({ kind: 'queue-manager-down' });
    expect((await patient.exec(['hikyaku', 'health'])).exitCode).toBe(1);
    await patient.signalQueueManager('CONT');
    await patient.run(['hikyaku', 'health']);
  });

  it('and then gets a data directory that Postfix cannot write to is told', async () => {
    const change = (mode: string) =>
      patient.run(['chmod', mode, '/var/lib/postfix'], { user: 'postfix' });
    await change('0500');
    expect(await troubles()).toContainEqual({
      kind: 'spool',
      faults: [expect.stringContaining('/var/lib/postfix')],
    });
    await change('0700');
    expect(await troubles()).toEqual([]);
  });

  it('and then gets a directory of the queue that others can read is told', async () => {
    const change = (mode: string) =>
      patient.run(['chmod', mode, '/var/spool/postfix/active'], { user: 'postfix' });
    await change('0755');
    expect(await troubles()).toContainEqual({
      kind: 'spool',
      faults: [expect.stringContaining('/var/spool/postfix/active')],
    });
    await change('0700');
    expect(await troubles()).toEqual([]);
  });

  it.each(FAULTS)(
    'and then gets %s is told, and is well again after the remedy',
    async (_, harm, trouble) => {
      await harm(patient);
      expect(await troubles()).toContainEqual(trouble);
      await patient.run(['hikyaku', 'reload']);
      expect(await troubles()).toEqual([]);
    },
  );
});

describe('a relay that delivers by itself, with no DNS and no room', () => {
  it('is told of both', async () => {
    const spool = stack.use(await createVolume({ megabytes: 12 }));
    const patient = await relay({
      env: { RELAY_MESSAGE_SIZE: '1MB' },
      dns: ['192.0.2.1'],
      spool,
      // Such a disk starts out empty and root's: the first start puts it in order.
      lockedDown: {
        ...LOCKED_DOWN,
        capabilities: [...LOCKED_DOWN.capabilities, 'CHOWN', 'FOWNER'],
      },
    });
    await patient.exec(['sh', '-c', 'head -c 20000000 /dev/zero > /var/spool/postfix/ballast']);
    const { findings, exitCode } = await examine(patient);
    expect(exitCode).toBe(1);
    expect(wrongs(findings)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          subject: 'direct delivery to gmail.com',
          trouble: expect.objectContaining({ kind: 'resolver', answered: false }),
        }),
        expect.objectContaining({ kind: 'disk', settings: ['message_size'] }),
        expect.objectContaining({ subject: 'intake', kind: 'no-room' }),
      ]),
    );
  });
});

describe('a relay with a database that never answers, and a certificate past its time', () => {
  let patient: Relay;

  beforeAll(async () => {
    const CERTIFICATE = `cd /tmp && openssl req -x509 -nodes -newkey ec -pkeyopt \
      ec_paramgen_curve:P-256 -subj /CN=relay -not_before 20240101000000Z \
      -not_after 20240601000000Z -keyout own.key -out own.crt 2>&- && cat own.key own.crt`;
    const [own] = await Promise.all([
      good.container.run(['sh', '-c', CERTIFICATE]),
      startWalled(network, 'database.example', [3306]).then((walled) => stack.use(walled)),
    ]);
    const env = {
      RELAY_DATABASE_DRIVER: 'mysql',
      RELAY_DATABASE_HOSTS: 'database.example:3306',
      RELAY_DATABASE_USER: 'hikyaku',
      RELAY_DATABASE_PASSWORD: PASSWORD,
      RELAY_DATABASE_NAME: 'mail',
      POSTFIX_smtpd_tls_cert_file: '/own.pem',
      POSTFIX_smtpd_tls_security_level: 'may',
      RELAY_GENERIC: '@relay.localdomain=hoge@good.isp.example',
    };
    const files = { '/own.pem': { content: own, mode: 0o600 } };
    patient = await relay(customerOf(good, { hostname: 'relay', env, files }));
  });

  it('is told of both, and how to look at one sender', async () => {
    const { findings } = await examine(patient);
    const table = expect.objectContaining({
      subject: expect.stringContaining('_query.cf'),
      trouble: expect.objectContaining({ kind: 'database', fault: 'away' }),
      settings: ['database.hosts'],
    });
    expect(wrongs(findings)).toEqual([
      table,
      table,
      expect.objectContaining({
        kind: 'own-certificate',
        subject: 'POSTFIX_smtpd_tls_cert_file',
      }),
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        state: 'note',
        kind: 'database',
        subject: 'accounts in the database',
      }),
    );
  });

  it('is told the same of one sender', async () => {
    const { findings, exitCode } = await examine(patient, '--sender', 'a@b.example');
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'database', subject: 'sender a@b.example' }),
    );
    expect(exitCode).toBe(1);
  });
});
