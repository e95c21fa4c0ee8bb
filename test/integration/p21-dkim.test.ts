import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { type Devices, startDevices } from '../support/devices.ts';
import { type DnsHandle, startDns } from '../support/dns.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startVerifier, type Verifier } from '../support/verifier.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P21: direct mail is signed, and verifies with software that is not ours.

const SIGNED = { hikyaku: ['pass', 'pass'], 'hikyaku-ed25519': ['pass', 'pass'] };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let friend: ProviderHandle;
let store: TestVolume;
let relay: Relay;
let verifier: Verifier;
let devices: Devices;

/** A record of dnsmasq; a text of DNS has 255 characters at most. */
const txtRecord = (name: string, value: string): string =>
  `--txt-record=${name},${(value.match(/.{1,255}/g) ?? []).join(',')}`;

interface Record {
  readonly name: string;
  readonly value: string;
}

const env = {
  RELAY_MYHOSTNAME: 'mail.example.com',
  RELAY_DKIM_DOMAIN: 'example.com',
  RELAY_GENERIC: '@linux.myhome.net=hoge@example.com',
  RELAY_HISTORY: '1d',
};

const startSigning = (dns: DnsHandle): Promise<Relay> =>
  startRelay(network, {
    env,
    dns: [dns.address],
    volumes: { '/var/lib/hikyaku': store },
  });

const recordsOf = async (one: Relay): Promise<readonly Record[]> =>
  JSON.parse((await one.exec(['hikyaku', 'dkim', '--json'])).stdout).records;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  devices = stack.use(await startDevices(network));
  store = stack.use(await createVolume());
  friend = stack.use(
    await startProvider(network, { names: ['mx.friend.example'], aliases: ['friend'] }),
  );
  const mail = {
    mx: { 'friend.example': [{ host: 'mx.friend.example', preference: 10 }] },
    a: { 'mx.friend.example': friend.container.address },
  };
  relay = stack.use(await startSigning(stack.use(await startDns(network, mail))));
  const options = (await recordsOf(relay)).map(({ name, value }) => txtRecord(name, value));
  verifier = stack.use(
    await startVerifier(network, stack.use(await startDns(network, { options }))),
  );
});
afterAll(() => stack.disposeAsync());

let sent = 0;

/** Sends through the relay, and gives the message as the friend received it. */
async function through(headers: { readonly [name: string]: string }, body?: string) {
  sent += 1;
  const id = `dkim-${sent}`;
  const mail = {
    from: 'user@example.com',
    to: 'you@friend.example',
    headers: { ...headers, 'X-Test-Id': id },
    ...(body === undefined ? {} : { body }),
  };
  expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  return friend.waitForMessage(({ testId }) => testId === id);
}

/** Has what waits at a relay tried each second until this has arrived. */
async function flushed<T>(one: Relay, arrived: Promise<T>): Promise<T> {
  const flushing = setInterval(() => void one.flush(), 1000);
  return arrived.finally(() => clearInterval(flushing));
}

describe('mail to the recipient’s own server', () => {
  it.each([
    ['plain', {}, undefined],
    ['8-bit', { 'Content-Type': 'text/plain; charset=utf-8', Subject: 'Grüße' }, 'Grüße aus 京都'],
    ['long lines', {}, 'a'.repeat(3000)],
    ['a folded and an empty header', { Subject: 'one\n two\n\tthree', Comments: '' }, undefined],
    [
      'several parts',
      { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary="b"' },
      '--b\nContent-Type: text/plain\n\nGrüße \n--b\nContent-Type: text/html\n\n<p>.\n.\n\n\n--b--',
    ],
    ['blanks at the end', {}, 'one  \t \n\n\n'],
  ])('verifies: %s', async (_what, headers, body) => {
    const { raw } = await through(headers, body);
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });

  it('verifies: 20 MB', async () => {
    const { raw } = await through({}, `${'0123456789abcdef'.repeat(56)}\n`.repeat(23_000));
    await friend.clearMessages();
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });

  it.each(['php', 'mail-of-php', 'java', 'python', 'ruby', 'dotnet', 's-nail', 'msmtp'])(
    'verifies: mail of %s',
    async (program) => {
      const menu = { port: 25, security: 'none' } as const;
      const mail = { FROM: 'device@example.com', TO: 'you@friend.example' };
      expect(await devices.press(program, 'relay', menu, mail)).toBe(true);
      const subject = `${program} 25`;
      const { raw } = await friend.waitForMessage(
        (one) => headerField(one.raw, 'Subject') === subject,
      );
      expect(await verifier.verify(raw)).toEqual(SIGNED);
    },
  );

  it('verifies after addresses were rewritten, and with headers that were missing', async () => {
    await relay.run([
      ...[
        'sh',
        '-c',
        'printf "To: you@friend.example\\nX-Test-Id: own\\n\\nHello.\\n" | "$@"',
        'sh',
      ],
      ...['sendmail', '-f', 'cron@linux.myhome.net', '-t'],
    ]);
    const { raw, envelope } = await friend.waitForMessage(({ testId }) => testId === 'own');
    expect(envelope.from).toBe('hoge@example.com');
    expect(headerField(raw, 'From')).toContain('hoge@example.com');
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });

  it('does not verify any more with a second From, or with another subject', async () => {
    const { raw } = await through({});
    const [forged, changed] = [`From: other@example.com\r\n${raw}`, raw.replace('A test', 'Other')];
    for (const message of [forged, changed]) {
      const verdicts = Object.values(await verifier.verify(message)).flat();
      expect(verdicts.filter((verdict) => verdict === 'pass')).toEqual([]);
    }
  });

  it('is unsigned when it is from another domain', async () => {
    const { raw } = await through({ From: 'other@elsewhere.example' });
    expect(headerField(raw, 'DKIM-Signature')).toBeNull();
  });

  it('waits while the signer is away, and leaves signed', async () => {
    const halt = (signal: string) =>
      `for p in /proc/[0-9]*; do grep -qs opendkim $p/comm && kill -${signal} \${p#/proc/}; done; true`;
    await relay.run(['sh', '-c', halt('STOP')], { user: 'opendkim' });
    await relay.run(['sh', '-c', halt('KILL')], { user: 'opendkim' });
    // The loop has a new one within about a second; mail that came between waits in the queue.
    const mail = { from: 'user@example.com', to: 'you@friend.example' };
    await client.send(relay, { ...mail, headers: { 'X-Test-Id': 'away' } });
    const { raw } = await flushed(
      relay,
      friend.waitForMessage(({ testId }) => testId === 'away'),
    );
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });

  describe('is one mail, although it is in the queue twice', () => {
    const GONE = 'gone@friend.example';

    const told = async (...words: readonly string[]) =>
      JSON.parse((await relay.exec(['hikyaku', ...words, '--json'])).stdout);

    beforeAll(() =>
      friend.setFaults({ at: 'rcpt', reply: '550 5.1.1 no such user', match: { to: GONE } }),
    );

    it('test follows it to the server that takes or refuses it', async () => {
      const from = ['--from', 'user@example.com'];
      expect(await told('test', 'you@friend.example', ...from)).toMatchObject({
        fate: 'delivered',
      });
      expect(await told('test', GONE, ...from)).toMatchObject({ fate: 'bounced' });
    });

    it('trace and history tell of it once, and status counts the last delivery', async () => {
      const { stories } = await eventually('the story of the mail that came back', async () => {
        const report = await told('trace', GONE);
        return report.stories[0]?.verdict === 'returned' ? report : undefined;
      });
      expect(stories).toMatchObject([{ to: [GONE] }]);
      const { messages } = await told('history', '--recipient', GONE);
      expect(messages).toMatchObject([{ status: 'bounced', recipients: [{ status: 'bounced' }] }]);
      const { log } = await told('status');
      expect(log).toMatchObject({
        lastDelivery: { to: 'you@friend.example', relay: expect.stringContaining('mx.friend') },
        refused: [],
      });
      expect(log.bounced).toContainEqual(expect.objectContaining({ count: 1, recipients: [GONE] }));
    });

    it('explain names the server behind the signer', async () => {
      const { deliveries } = await told('explain', 'user@example.com', 'you@friend.example');
      expect(deliveries).toMatchObject([
        { servers: [{ nexthop: 'friend.example' }], direct: true },
      ]);
    });
  });

  it('health, status and doctor name a signer that does not come back, and reload starts it', async () => {
    await relay.run(['rm', '/etc/postfix/signer_rsa.conf']);
    const kill =
      'for p in /proc/[0-9]*; do grep -aqs "signer_[r]sa.conf" $p/cmdline && kill -KILL $(basename $p); done; true';
    await relay.run(['sh', '-c', kill], { user: 'opendkim' });
    const says = async (...words: readonly string[]) =>
      (await relay.exec(['hikyaku', ...words])).stdout;
    expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('signer-rsa'),
    });
    const { findings } = JSON.parse(await says('doctor', '--json'));
    expect(findings).toContainEqual(
      expect.objectContaining({ trouble: { kind: 'program-away', programs: ['signer-rsa'] } }),
    );
    expect(JSON.parse(await says('status', '--json'))).toMatchObject({
      programsAway: ['signer-rsa'],
    });
    await relay.exec(['hikyaku', 'reload']);
    expect(JSON.parse(await says('status', '--json'))).toMatchObject({ programsAway: [] });
    const { raw } = await through({});
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });

  it('is signed with the same keys by a new container', async () => {
    const before = await recordsOf(relay);
    await relay.kill();
    await relay.start();
    expect(await recordsOf(relay)).toEqual(before);
    const { raw } = await through({});
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });
});

it('mail through a provider is signed with a key that was given, after send_as', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await using dns = await startDns(network, {
    options: [txtRecord('mail2026._domainkey.example.com', `v=DKIM1; k=rsa; p=${p}`)],
  });
  await using other = await startVerifier(network, dns);
  await using provider = await startIsp(network);
  await using customer = await startRelay(
    network,
    customerOf(provider, {
      aliases: ['customer'],
      env: {
        RELAY_DKIM_DOMAIN: 'example.com',
        RELAY_DKIM_SELECTOR: 'mail2026',
        RELAY_SEND_AS: 'office@example.com',
        RELAY_DKIM_KEY_FILE: '/run/secrets/dkim.pem',
      },
      files: { '/run/secrets/dkim.pem': pem },
    }),
  );
  const mail = { from: 'nas@home.example', to: 'you@friend.example' };
  expect(await client.send(customer, mail)).toMatchObject({ accepted: true });
  // Its signer may still be starting, and the mail waits for that.
  const { raw, session, envelope } = await flushed(customer, provider.waitForMessage());
  expect(envelope.from).toBe('office@example.com');
  expect(headerField(raw, 'From')).toContain('<office@example.com>');
  expect(session.auth).toMatchObject({ username: 'hoge' });
  expect(await other.verify(raw)).toEqual({ mail2026: ['pass', 'pass'] });
});

describe('a reload', () => {
  const other = { 'X-Test-Id': 'other' };
  const FILE = '/etc/hikyaku/relay.yaml';
  const config = (dkim: object) => JSON.stringify({ myhostname: 'mail.example.com', dkim });

  it('signs for another domain with another key, and counts what waits signed with the former', async () => {
    await using dns = await startDns(network, {
      mx: { 'friend.example': [{ host: 'mx.friend.example', preference: 10 }] },
      a: { 'mx.friend.example': friend.container.address },
    });
    await using keys = await createVolume();
    await using one = await startRelay(network, {
      aliases: ['reloaded'],
      volumes: { '/var/lib/hikyaku': keys },
      files: { [FILE]: config({ domain: ['example.com'] }) },
      dns: [dns.address],
    });
    const late = { from: 'user@example.com', to: 'late@friend.example' };
    await friend.setFaults({ at: 'rcpt', reply: '450 4.2.0 later', match: { to: late.to } });
    expect(await client.send(one, late)).toMatchObject({ accepted: true });
    await one.waitForDelay(late.to);

    await one.write(FILE, config({ domain: ['example.com', 'example.net'], selector: 'mail2027' }));
    expect(await one.exec(['hikyaku', 'reload'])).toMatchObject({ exitCode: 0 });
    expect(await recordsOf(one)).toMatchObject([
      { selector: 'mail2027', isCurrent: true },
      { selector: 'mail2027-ed25519', isCurrent: true },
      { selector: 'hikyaku', isCurrent: false, waiting: 1 },
      { selector: 'hikyaku-ed25519', isCurrent: false, waiting: 1 },
      { domain: 'example.net', selector: 'mail2027' },
      { domain: 'example.net', selector: 'mail2027-ed25519' },
    ]);

    await client.send(one, { from: 'user@example.net', to: 'you@friend.example', headers: other });
    const { raw } = await friend.waitForMessage(({ testId }) => testId === 'other');
    const signatures = raw.match(/\bd=example\.net;\s+s=mail2027(-ed25519)?;/g);
    expect(signatures).toHaveLength(2);
  });
});
