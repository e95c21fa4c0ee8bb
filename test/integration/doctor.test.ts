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
  let seconds: number;

  beforeAll(async () => {
    [good] = await Promise.all([
      start('good', { senders: { hoge: ['hoge@good.isp.example'] } }),
      start('expired', { certificate: 'expired' }),
      start('elsewhere', { certificate: 'wrong-name' }),
      start('unknown-ca', { certificate: 'self-signed' }),
      start('tokens', { mechanisms: ['XOAUTH2', 'GSSAPI'], size: 1_000_000 }),
      start('clear', { starttls: false }),
      start('early', { certificate: 'not-yet-valid' }),
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
        account('narrow', { mechanisms: ['scram-sha-256'] }),
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
      ],
    };
    const env = { RELAY_CONFIG: JSON.stringify(config) };
    patient = await relay({ env, files: { '/ca.pem': good.caPem } });
    ({ findings, seconds } = await examine(patient));
  });

  it.each([
    [
      'a wrong password',
      'password@x.example',
      'login',
      /refuses this user name and password: 535 5\.7\.8/,
      /accounts\[0\]\.password/,
    ],
    [
      'a password that has to be an app password',
      'app@x.example',
      'login',
      /wants an app password/,
      /accounts\[1\]\.password/,
    ],
    [
      'an expired certificate',
      'expired@x.example',
      'TLS',
      /the certificate expired on \d{4}-\d\d-\d\d/,
      /the provider has to renew it/,
    ],
    [
      "a certificate of another's name",
      'name@x.example',
      'TLS',
      /is for somebody-else\.example, not for elsewhere\.isp\.example/,
      /accounts\[3\]\.host/,
    ],
    [
      'a certificate of an unknown CA',
      'ca@x.example',
      'TLS',
      /which is not trusted here/,
      /accounts\[4\]\.ca_file/,
    ],
    [
      'a closed port',
      'closed@x.example',
      'connection',
      /nothing listens on port 2525/,
      /accounts\[5\]\.port/,
    ],
    [
      'a name that does not exist',
      'nowhere@x.example',
      'DNS',
      /no host of the name nowhere\.isp\.example/,
      /accounts\[6\]\.host/,
    ],
    [
      'mechanisms that need what this relay has not',
      'tokens@x.example',
      'mechanisms',
      /offers XOAUTH2, GSSAPI; this relay allows plain, login \(accounts\[7\]\.mechanisms\)/,
      /app password/,
    ],
    [
      'mechanisms that the settings leave out',
      'narrow@x.example',
      'mechanisms',
      /offers PLAIN, LOGIN, CRAM-MD5, XOAUTH2; this relay allows scram-sha-256/,
      /set accounts\[8\]\.mechanisms to plain, login, cram-md5/,
    ],
    [
      'a message size that is larger than the server takes',
      'tokens@x.example',
      'message size',
      /takes 1000000 bytes, and this relay up to 26214400/,
      /set message_size to 1000000/,
    ],
    [
      'a rate limit',
      'busy@x.example',
      'sender busy@x.example',
      /only so much mail in a given time: 421 4\.7\.28/,
      /accounts\[9\]\.connections/,
    ],
    [
      'a server without STARTTLS',
      'clear@x.example',
      'TLS',
      /no encryption on port 587 \(STARTTLS\)/,
      /accounts\[10\]\.port/,
    ],
    [
      'a port that says nothing',
      'silent@x.example',
      'greeting',
      /takes the connection and says nothing/,
      /accounts\[11\]\.port/,
    ],
    [
      'a sender that the provider refuses',
      'relay host',
      'sender root@made-up.example',
      /does not let this login send mail from that sender address: 553/,
      /generic: \{"@made-up\.example": me@provider\.example\};/,
    ],
    [
      'a sender that another provider refuses in its own words',
      'other@x.example',
      'sender other@x.example',
      /does not let this login send mail from that sender address: 550 5\.7\.60/,
      /accounts\[12\]\.username/,
    ],
    [
      'a certificate that is not valid yet',
      'early@x.example',
      'TLS',
      /valid only from \d{4}-\d\d-\d\d on, and this machine's clock says/,
      /set the host's clock/,
    ],
    [
      'a server that knows old TLS alone',
      'old@x.example',
      'TLS',
      /knows no version of TLS that is safe/,
      /a newer server \(accounts\[14\]\.host\)/,
    ],
    [
      'a server whose TLS does not work at the moment',
      'no-tls-now@x.example',
      'TLS',
      /offers STARTTLS and then refuses it: 454/,
      /port 465 \(accounts\[15\]\.port\)/,
    ],
    [
      'a block list with the address of this connection on it',
      'listed@x.example',
      'greeting',
      /refuses mail from this connection's Internet address: 554/,
      /submission server/,
    ],
    [
      'a port that a firewall swallows',
      'walled@x.example',
      'connection',
      /port 587 of walled\.isp\.example does not answer/,
      /accounts\[17\]\.port, and firewalls/,
    ],
    [
      'a login that the server wants and the settings lack',
      'anonymous@x.example',
      'sender anonymous@x.example',
      /wants a login, and none took place: 530/,
      /accounts\[18\]\.username/,
    ],
  ])('is told of %s', (_, account, topic, words, remedy) => {
    const found = findings.filter((one) => one.topic.includes(account) && one.state === 'wrong');
    expect(found).toContainEqual({
      state: 'wrong',
      topic: expect.stringMatching(new RegExp(`, ${topic}$`)),
      words: expect.stringMatching(words),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('is told of nothing else', () => {
    expect(wrongs(findings)).toHaveLength(21);
  });

  it('is told all of it in the time of the server that never answers', async () => {
    const alone = await examine(patient, '--sender', 'walled@x.example');
    expect(alone.findings).toContainEqual(
      expect.objectContaining({ words: expect.stringMatching(/does not answer/) }),
    );
    expect(seconds).toBeLessThan(2 * alone.seconds);
  });

  it('reads one line for each look and the remedy on the next, and never a secret', async () => {
    const { output, exitCode } = await patient.exec(['hikyaku', 'doctor']);
    const lines = output.trimEnd().split('\n');
    expect(exitCode).toBe(1);
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
      topic: 'relay host [good.isp.example]:587, sender hoge@good.isp.example',
      words: 'accepted',
    });
  });

  const FAULTS: readonly [string, (patient: Relay) => Promise<unknown>, Finding][] = [
    [
      'settings that are not in force yet',
      (one) => one.write(FILE, 'relay: {connections: 7}\n'),
      {
        state: 'wrong',
        topic: 'configuration',
        words: expect.stringContaining('not in force yet: main.cf'),
        remedy: expect.stringContaining('hikyaku reload'),
      },
    ],
    [
      'a table without its index',
      (one) => one.run(['rm', '/etc/postfix/sasl_passwd.lmdb']),
      {
        state: 'wrong',
        topic: 'table lmdb:/etc/postfix/sasl_passwd',
        words: 'sasl_passwd cannot be read',
        remedy: expect.stringContaining('hikyaku reload'),
      },
    ],
    [
      'a password file that others can read',
      (one) => one.run(['chmod', '0644', '/etc/postfix/sasl_passwd']),
      {
        state: 'wrong',
        topic: 'file /etc/postfix/sasl_passwd',
        words: '/etc/postfix/sasl_passwd can be read by others than root',
        remedy: expect.stringContaining('hikyaku reload'),
      },
    ],
  ];
  it('and then gets an index older than its table is told', async () => {
    await patient.run(['touch', '-d', '+1 hour', '/etc/postfix/sasl_passwd']);
    expect((await examine(patient)).findings).toContainEqual({
      state: 'wrong',
      topic: 'file /etc/postfix/sasl_passwd',
      words: 'its index is older than the file itself',
      remedy: expect.stringContaining('hikyaku reload'),
    });
    await patient.run(['touch', '-d', '-1 hour', '/etc/postfix/sasl_passwd']);
    expect(wrongs((await examine(patient)).findings)).toEqual([]);
  });

  it('and then gets a queue manager that does nothing is told, by the health check too', async () => {
    await patient.signalQueueManager('STOP');
    expect((await examine(patient)).findings).toContainEqual({
      state: 'wrong',
      topic: 'queue manager',
      words: expect.stringContaining('mail is taken in, and goes nowhere'),
      remedy: expect.stringContaining('restart the container'),
    });
    expect((await patient.exec(['hikyaku', 'health'])).exitCode).toBe(1);
    await patient.signalQueueManager('CONT');
    await patient.run(['hikyaku', 'health']);
  });

  it('and then gets a data directory that Postfix cannot write to is told', async () => {
    const change = (mode: string) =>
      patient.run(['chmod', mode, '/var/lib/postfix'], { user: 'postfix' });
    await change('0500');
    expect((await examine(patient)).findings).toContainEqual({
      state: 'wrong',
      topic: 'directories of the queue',
      words: 'postfix cannot write to /var/lib/postfix: no TLS, no mail',
      remedy: expect.stringContaining('restart the container'),
    });
    await change('0700');
    expect(wrongs((await examine(patient)).findings)).toEqual([]);
  });

  it('and then gets a directory of the queue that others can read is told', async () => {
    const change = (mode: string) =>
      patient.run(['chmod', mode, '/var/spool/postfix/active'], { user: 'postfix' });
    await change('0755');
    expect((await examine(patient)).findings).toContainEqual({
      state: 'wrong',
      topic: 'directories of the queue',
      words: '/var/spool/postfix/active has the mode 0755 instead of 0700',
      remedy: expect.stringContaining('restart the container'),
    });
    await change('0700');
    expect(wrongs((await examine(patient)).findings)).toEqual([]);
  });

  it.each(FAULTS)(
    'and then gets %s is told, and is well again after the remedy',
    async (_, harm, finding) => {
      await harm(patient);
      expect((await examine(patient)).findings).toContainEqual(finding);
      await patient.run(['hikyaku', 'reload']);
      expect(wrongs((await examine(patient)).findings)).toEqual([]);
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
        {
          state: 'wrong',
          topic: 'direct delivery to gmail.com, DNS',
          words: 'the DNS server that this container asks does not answer',
          remedy: expect.stringContaining('dns: in compose.yaml'),
        },
        {
          state: 'wrong',
          topic: 'disk of the queue',
          words: expect.stringMatching(/^\d+ MB free: Postfix wants \d+ MB to take mail$/),
          remedy: expect.stringContaining('/var/spool/postfix'),
        },
        expect.objectContaining({ topic: 'intake', words: expect.stringContaining('452') }),
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
    const table = {
      state: 'wrong',
      words: 'cannot be read: no answer within 4 s',
      remedy: expect.stringContaining('RELAY_DATABASE_HOSTS'),
    };
    expect(wrongs(findings)).toEqual([
      expect.objectContaining({ ...table, topic: expect.stringContaining('_query.cf') }),
      expect.objectContaining({ ...table, topic: expect.stringContaining('_query.cf') }),
      {
        state: 'wrong',
        topic: 'certificate of this relay (POSTFIX_smtpd_tls_cert_file)',
        words: expect.stringContaining('past its time since'),
        remedy: 'renew it, then "hikyaku reload"',
      },
    ]);
    expect(findings).toContainEqual({
      state: 'note',
      topic: 'accounts in the database',
      words: expect.stringContaining('hikyaku doctor --sender'),
    });
  });

  it('is told the same of one sender', async () => {
    const { output, exitCode } = await patient.exec([
      'hikyaku',
      'doctor',
      '--sender',
      'a@b.example',
    ]);
    expect(output).toContain('the table of accounts cannot be asked: no answer within 4 s');
    expect(exitCode).toBe(1);
  });
});
