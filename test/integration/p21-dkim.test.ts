import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { type DnsHandle, startDns } from '../support/dns.ts';
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

  it('is signed with the same keys by a new container', async () => {
    const before = await recordsOf(relay);
    await relay.kill();
    await relay.start();
    expect(await recordsOf(relay)).toEqual(before);
    const { raw } = await through({});
    expect(await verifier.verify(raw)).toEqual(SIGNED);
  });
});

it('mail through a provider is signed with a key that was given', async () => {
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
      env: {
        RELAY_DKIM_DOMAIN: 'example.com',
        RELAY_DKIM_SELECTOR: 'mail2026',
        RELAY_DKIM_KEY_FILE: '/run/secrets/dkim.pem',
      },
      files: { '/run/secrets/dkim.pem': pem },
    }),
  );
  await client.send(customer, { from: 'user@example.com', to: 'you@friend.example' });
  // Its signer may still be starting, and the mail waits for that.
  const { raw, session } = await flushed(customer, provider.waitForMessage());
  expect(session.auth).toMatchObject({ username: 'hoge' });
  expect(await other.verify(raw)).toEqual({ mail2026: ['pass', 'pass'] });
});
