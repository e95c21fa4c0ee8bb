import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startDnssec } from '../support/dnssec.ts';
import { examine } from '../support/examination.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// RELAY_TLS=dane: a server's key is known from its TLSA record in a signed zone (RFC 7672), and from
// no authority: the server's certificate is one that it signed itself.

const ZONE = 'dane.test';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;

/** The SHA-256 of the public key that the server shows (RFC 6698, "3 1 1"), in hexadecimal. */
async function keyOf(address: string): Promise<string> {
  const script = `openssl s_client -starttls smtp -connect ${address}:25 </dev/null 2>/dev/null |
    openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -r`;
  return (await client.container.run(['sh', '-c', script])).slice(0, 64);
}

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  const names = ['with.dane.test', 'without.dane.test', 'wrong.dane.test'] as const;
  provider = stack.use(
    await startProvider(network, {
      names,
      // Docker's own DNS server answers for these, and does not validate.
      aliases: ['provider'],
      users: { hoge: 'piyopiyo' },
      authRequired: false,
      certificate: 'self-signed',
    }),
  );
  const { address } = provider.container;
  const dns = stack.use(
    await startDnssec(network, ZONE, [
      ...['with', 'without', 'wrong'].flatMap((name) => [
        `${name} A ${address}`,
        `to-${name} MX 10 ${name}`,
      ]),
      `_25._tcp.with TLSA 3 1 1 ${await keyOf(address)}`,
      `_587._tcp.with TLSA 3 1 1 ${await keyOf(address)}`,
      `_25._tcp.wrong TLSA 3 1 1 ${'0'.repeat(64)}`,
      `_587._tcp.wrong TLSA 3 1 1 ${'0'.repeat(64)}`,
    ]),
  );
  const account = (name: string) => ({
    ...{ sender: `${name}@home.example`, host: `${name}.${ZONE}`, tls: 'dane' },
    ...{ username: 'hoge', password: 'piyopiyo' },
  });
  relay = stack.use(
    await startRelay(network, {
      dns: [dns.address],
      env: {
        RELAY_TLS: 'dane',
        RELAY_CONFIG: JSON.stringify({ accounts: ['with', 'without', 'wrong'].map(account) }),
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const send = (to: string, from = 'nas@home.example') => client.send(relay, { from, to });
const arrival = (to: string) => provider.waitForMessage(({ envelope }) => envelope.to.includes(to));

it('mail goes to a server that has the key of its record', async () => {
  await send('you@to-with.dane.test');
  expect((await arrival('you@to-with.dane.test')).session.tls).not.toBeNull();
  await relay.waitForLog(/Verified TLS connection established to with\.dane\.test/);
});

it('mail goes to a server without a record as it would without this setting', async () => {
  await send('you@to-without.dane.test');
  expect((await arrival('you@to-without.dane.test')).session.tls).not.toBeNull();
});

it('mail waits when the server has another key than its record', async () => {
  await send('you@to-wrong.dane.test');
  expect(await relay.waitForDelay('you@to-wrong.dane.test')).toMatch(/not (verified|trusted)/);
});

it('an account gets its login at a server that has the key of its record', async () => {
  await send('friend@example.com', 'with@home.example');
  const { session } = await arrival('friend@example.com');
  expect(session).toMatchObject({ listener: 587, auth: { username: 'hoge' } });
});

it('a server without a record gets no login, and the mail of the account waits', async () => {
  const before = await provider.stats();
  await send('other@example.com', 'without@home.example');
  expect(await relay.waitForDelay('other@example.com')).toMatch(/TLSA/);
  const { logins, failedLogins, messages } = await provider.stats();
  expect({ logins, failedLogins, messages }).toEqual({
    logins: before.logins,
    failedLogins: before.failedLogins,
    messages: before.messages,
  });
});

it('the doctor says the same of each server, and sends a login to the first only', async () => {
  const before = await provider.stats();
  const { findings } = await examine(relay);
  const found = (name: string) =>
    findings
      .filter(({ subject }) => subject.startsWith(`account ${name}@`))
      .map(({ kind, trouble }) => trouble?.['fault'] ?? kind);
  expect(found('with')).toEqual(expect.arrayContaining(['encrypted', 'logged-in']));
  expect(found('without')).toEqual(['connected', 'none']);
  expect(found('wrong')).toEqual(['connected', 'other-certificate']);
  const { logins, failedLogins } = await provider.stats();
  expect({ logins, failedLogins }).toEqual({
    logins: before.logins + 1,
    failedLogins: before.failedLogins,
  });
});
