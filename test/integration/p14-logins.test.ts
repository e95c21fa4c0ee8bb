import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { LOCKED_DOWN, type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { createVolume } from '../support/volume.ts';

// P14: a client that logs in may send from anywhere; a wrong password may not, nor may it be
// guessed; a login sends only from its senders. The clients are in no network of the relay's.

const CA = '/certs/ca.pem';
const FRIEND = 'friend@example.com';
const STATE = '/var/lib/hikyaku';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let guesser: Client;
let isp: ProviderHandle;
let relay: Relay;

const yaml = (clear: string) => `
myhostname: relay.home.example
networks: [host]
listen: [25, 587, 465]
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
submission:
  username: printer
  password_file: /run/secrets/printer
  names: [mail.home.example, 192.168.1.5]
  clear_networks: [${clear}]
logins:
  - {username: scanner, password: "other $1 ", senders: [scan@example.com, "@scan.example"]}
`;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, guesser, isp] = await startAll(
    stack,
    startClient(network),
    startClient(network, 'guesser'),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
  );
  const state = stack.use(await createVolume());
  const files = {
    '/etc/hikyaku/relay.yaml': yaml('192.0.2.0/24').replace('other $1 ', 'other $1'),
    '/run/secrets/printer': 'geheim\n',
    [CA]: isp.caPem,
  };
  const volumes = { [STATE]: state };
  relay = stack.use(await startRelay(network, { files, volumes, lockedDown: LOCKED_DOWN }));
});
afterAll(() => stack.disposeAsync());

const printer = { username: 'printer', password: 'geheim' };
const scanner = { username: 'scanner', password: 'other $1' };
const mail = { from: 'me@example.org', to: FRIEND };

describe('a client that logs in', () => {
  it.each([
    ['STARTTLS on 25', { port: 25, tls: 'starttls' }, 'PLAIN'],
    ['STARTTLS on 587', { port: 587, tls: 'starttls' }, 'LOGIN'],
    ['TLS from the first byte on 465', { port: 465, tls: 'tls' }, 'LOGIN'],
  ] as const)('may send from anywhere, by %s', async (_, how, mechanism) => {
    const sent = await client.send(relay, { ...mail, ...how, login: { ...printer, mechanism } });
    expect(sent).toMatchObject({ accepted: true });
  });

  it('may not without the login, nor with a wrong one; neither is its password asked for in clear', async () => {
    expect(await client.send(relay, mail)).toMatchObject({ accepted: false });
    const tls = { ...mail, tls: 'starttls' } as const;
    const wrong = { username: 'printer', password: 'Geheim', mechanism: 'PLAIN' };
    expect((await client.send(relay, { ...tls, login: wrong })).transcript).toContain('535 5.7.8');
    const clear = await client.send(relay, { ...mail, login: { ...printer, mechanism: 'PLAIN' } });
    expect(clear.accepted).toBe(false);
    expect(await relay.logs()).not.toContain('geheim');
  });

  it('sends only as its own senders', async () => {
    const as = (from: string, login = scanner) =>
      client.send(relay, {
        from,
        to: FRIEND,
        tls: 'starttls',
        login: { ...login, mechanism: 'PLAIN' },
      });
    expect(await as('scan@example.com')).toMatchObject({ accepted: true });
    expect(await as('disk1@scan.example')).toMatchObject({ accepted: true });
    expect((await as('me@example.org')).reply).toMatch(/^553 5\.7\.1 .*not owned by user scanner/);
    expect(await as('scan@example.com', printer)).toMatchObject({ accepted: true });
  });

  it('is named in the log', async () => {
    await relay.waitForLog(/client=unknown\[[\d.]+\], sasl_method=PLAIN, sasl_username=scanner/);
  });
});

describe('passwords', () => {
  it('are kept as scrypt makes them, for the check of logins alone', async () => {
    const stat = await relay.run(['stat', '-c', '%a %U %G', '/etc/postfix/logins']);
    expect(stat.trim()).toBe('640 root hikyaku-login');
    const asPostfix = await relay.exec(['cat', '/etc/postfix/logins'], { user: 'postfix' });
    expect(asPostfix.exitCode).not.toBe(0);
    const all = await relay.run([
      'sh',
      '-c',
      'cat /etc/postfix/logins; grep -rl geheim /etc/postfix || true',
    ]);
    expect(all).toMatch(
      /^[0-9a-f]+ [0-9a-f]{32} [0-9a-f]{64}\n[0-9a-f]+ [0-9a-f]{32} [0-9a-f]{64}\n$/,
    );
  });

  it('cannot be guessed: after ten failures nothing more is checked from there', async () => {
    const guess = (password: string) =>
      guesser.send(relay, {
        ...mail,
        tls: 'starttls',
        login: { username: 'printer', password, mechanism: 'PLAIN' },
      });
    await Promise.all(Array.from({ length: 10 }, (_, index) => guess(`guess ${index}`)));
    expect((await guess('geheim')).accepted).toBe(false);
    await relay.waitForLog(/too many failed logins from this address/);
    // Who has logged in before, from its own address, still may.
    const login = { ...printer, mechanism: 'PLAIN' };
    expect(await client.send(relay, { ...mail, tls: 'starttls', login })).toMatchObject({
      accepted: true,
    });
  });
});

describe("the relay's own certificate", () => {
  const shown = async (): Promise<X509Certificate> => {
    const command = 'openssl s_client -connect relay:465 </dev/null 2>/dev/null | openssl x509';
    return new X509Certificate(await client.container.run(['sh', '-c', command]));
  };

  it('has the names and addresses that clients use, and is kept', async () => {
    const before = await shown();
    expect(before.checkHost('relay.home.example')).toBeDefined();
    expect(before.checkHost('mail.home.example')).toBeDefined();
    expect(before.checkIP('192.168.1.5')).toBeDefined();
    expect(before.checkIP(relay.address)).toBeDefined();
    const status = await relay.run(['sh', '-c', 'hikyaku status </dev/null']);
    expect(status).toContain(before.fingerprint256);
    await relay.stop();
    await relay.start();
    expect((await shown()).fingerprint256).toBe(before.fingerprint256);
  });

  it('gives way to one that is given; a changed file is taken up by reload', async () => {
    const make = (name: string) =>
      relay.run([
        'sh',
        '-c',
        `openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=${name} -keyout /tmp/k -out /tmp/c 2>/dev/null; cat /tmp/k /tmp/c`,
      ]);
    const split = (pem: string) => ({
      '/certs/relay.key': pem.slice(0, pem.indexOf('-----BEGIN CERT')),
      '/certs/relay.pem': pem.slice(pem.indexOf('-----BEGIN CERT')),
    });
    const first = split(await make('one.example'));
    const env = {
      RELAY_SUBMISSION_CERTIFICATE_FILE: '/certs/relay.pem',
      RELAY_SUBMISSION_KEY_FILE: '/certs/relay.key',
      RELAY_SUBMISSION_TLS: 'require',
      RELAY_NETWORKS: 'attached',
    };
    const aliases = ['given'] as const;
    await using given = await startRelay(network, { env, files: first, aliases });
    const subject = async () =>
      client.container.run([
        'sh',
        '-c',
        'openssl s_client -starttls smtp -connect given:25 </dev/null 2>/dev/null | openssl x509 -noout -subject',
      ]);
    expect(await subject()).toContain('one.example');
    expect((await client.send(given, mail)).reply).toMatch(/^530 5\.7\.0/);
    for (const [path, text] of Object.entries(split(await make('two.example')))) {
      await given.write(path, text);
    }
    await given.run(['hikyaku', 'reload']);
    expect(await subject()).toContain('two.example');
  });
});
