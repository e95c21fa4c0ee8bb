import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Devices, type Menu, startDevices } from '../support/devices.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// P15, with the dialects of programs that we did not write: each hands its mail in by every listener
// that it knows, and the provider gets it.

const CA = '/certs/ca.pem';
const LOGIN = { username: 'device', password: 'geheim1' };

const PLAIN: Menu = { port: 25, security: 'none' };
const ENCRYPTED: Menu = { port: 26, security: 'starttls' };
const SUBMISSION: Menu = { port: 587, security: 'starttls', login: LOGIN };
const IMPLICIT: Menu = { port: 465, security: 'tls', login: LOGIN };
const OLD: Menu = { port: 2525, security: 'tls1' };

const TODAY = [PLAIN, ENCRYPTED, SUBMISSION, IMPLICIT];
const ALL = [...TODAY, OLD];

const TABLE: Readonly<Record<string, readonly Menu[]>> = {
  swaks: ALL,
  curl: ALL,
  python: ALL,
  php: ALL,
  perl: ALL,
  ruby: ALL,
  java: ALL,
  openssl: [IMPLICIT, OLD],
  msmtp: TODAY,
  's-nail': TODAY,
  ssmtp: TODAY,
  nullmailer: TODAY,
  go: TODAY,
  opensmtpd: [PLAIN, ENCRYPTED],
  esmtp: [PLAIN],
  // It verifies the certificate.
  sendemail: [PLAIN],
  // Mono knows TLS 1.0 alone here.
  dotnet: [PLAIN, { ...OLD, security: 'starttls' }],
};

const stack = new AsyncDisposableStack();
let devices: Devices;
let isp: ProviderHandle;
let subjects: readonly string[];
let said: string;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  [devices, isp] = await startAll(
    stack,
    startDevices(network),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
  );
  const yaml = `
myhostname: relay.home.example
listen: [25, 26, 587, 465]
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
submission: {username: device, password: geheim1, old_tls_port: 2525}
`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
  const relay = stack.use(await startRelay(network, { files, lockedDown: false }));
  said = await devices.sendAll('relay', TABLE);
  await eventually('an empty queue', async () => (await relay.queue()).length === 0);
  const messages = await isp.messages();
  subjects = messages.map(({ raw }) => /^Subject: (.*?)\r?$/m.exec(raw)?.[1] ?? '');
});
afterAll(() => stack.disposeAsync());

it.each(
  Object.entries(TABLE).flatMap(([client, menus]) =>
    menus.map(({ port, security }) => [client, port, security] as const),
  ),
)('%s by port %i, %s', (client, port) => {
  const own = said.split('\n').filter((line) => line.startsWith(`${client}: `));
  expect(subjects, own.join('\n')).toContain(`${client} ${port}`);
});
