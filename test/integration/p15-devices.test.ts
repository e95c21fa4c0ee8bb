import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { type Dialogue, startTalker, type Talker } from '../support/talker.ts';
import { createVolume } from '../support/volume.ts';

// P15: devices that insist on a login, on STARTTLS, on 465 or on TLS 1.0 hand in mail, each through
// an opening of its own.

const CA = '/certs/ca.pem';
const FRIEND = 'friend@example.com';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let device: Talker;
let isp: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, device, isp] = await startAll(
    stack,
    startClient(network),
    startTalker(network, 'device'),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
  );
  const yaml = `
myhostname: relay.home.example
networks: [host, "${client.container.address}"]
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
submission:
  username: device
  password: geheim
  old_tls_port: 2525
  clear_networks: ["${device.container.address}"]
  bare_lf_networks: ["${device.container.address}"]
`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
  const volumes = { '/var/lib/hikyaku': stack.use(await createVolume()) };
  relay = stack.use(await startRelay(network, { files, volumes }));
});
afterAll(() => stack.disposeAsync());

/** What openssl says of a handshake with an old version of TLS. */
const handshake = async (port: number, version: string) => {
  const old = `-${version} -cipher DEFAULT:@SECLEVEL=0`;
  const command = `openssl s_client ${old} -starttls smtp -connect relay:${port} </dev/null 2>&1`;
  return (await client.container.exec(['sh', '-c', command])).stdout;
};

it.each(['tls1', 'tls1_1'])(
  '%s is spoken on the port of its own, and nowhere else',
  async (version) => {
    expect(await handshake(2525, version)).toMatch(
      /^New, TLSv1\.0, Cipher is ECDHE|^New, SSLv3|Protocol *: TLSv1(\.1)?$/m,
    );
    expect(await handshake(587, version)).toMatch(/Cipher is \(NONE\)/);
  },
);

it('a machine of the networks hands in mail there', async () => {
  // As slowly as a device speaks, one line for each reply.
  const lines = ['EHLO nas', 'MAIL FROM:<nas@example.com>', `RCPT TO:<${FRIEND}>`, 'QUIT'];
  const talk = lines.map((line) => `sleep 0.3; printf '${line}\\r\\n';`).join(' ');
  const tls = 'openssl s_client -quiet -tls1 -cipher DEFAULT:@SECLEVEL=0 -starttls smtp';
  const command = `(${talk} sleep 0.3) | ${tls} -connect relay:2525 2>/dev/null`;
  const { stdout } = await client.container.exec(['sh', '-c', command]);
  expect(stdout).toMatch(/^250 2\.1\.5/m);
});

const say = (...lines: readonly string[]): Dialogue =>
  lines.flatMap((line) => [{ say: line }, { hear: 1 }]);
const b64 = (text: string): string => Buffer.from(text).toString('base64');

it.each([
  [
    'name and password one by one',
    [`AUTH LOGIN\r\n`, `${b64('device')}\r\n`, `${b64('geheim')}\r\n`],
  ],
  ['the name with the command', [`AUTH LOGIN ${b64('device')}\r\n`, `${b64('geheim')}\r\n`]],
  ['PLAIN at once', [`AUTH PLAIN ${b64('\0device\0geheim')}\r\n`]],
  [
    'PLAIN after a question, in small letters',
    ['auth plain\r\n', `${b64('\0device\0geheim')}\r\n`],
  ],
] as const)(
  'a device without TLS logs in by %s, and ends its lines with LF alone',
  async (_, auth) => {
    const { replies } = await device.say(relay, [
      { hear: 1 },
      ...say(
        'EHLO my_device\r\n',
        ...auth,
        'MAIL FROM:<cam>\r\n',
        `RCPT TO: <${FRIEND}>\r\n`,
        'DATA\r\n',
      ),
      { say: 'Subject: motion\n\nHello.\n.\n' },
      { hear: 1 },
      { say: 'QUIT\r\n' },
      { hear: 'end' },
    ]);
    expect(replies.at(1)).toMatch(/AUTH[ =]PLAIN LOGIN/);
    expect(replies.at(-2)).toMatch(/^250 2\.0\.0 Ok: queued/);
  },
);

it('where it is not named, a password in clear is refused unseen', async () => {
  await using stranger = await startTalker(network, 'stranger');
  const { replies } = await stranger.say(relay, [
    { hear: 1 },
    ...say(
      'EHLO x\r\n',
      `AUTH PLAIN ${b64('\0device\0geheim')}\r\n`,
      `MAIL FROM:<a@b.example>\r\n`,
      `RCPT TO:<${FRIEND}>\r\n`,
    ),
  ]);
  expect(replies[2]).toMatch(/^535 5\.7\.8 .*needs TLS/);
  expect(replies[4]).toMatch(/^554 5\.7\.1/);
});
