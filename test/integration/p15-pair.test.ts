import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { type Devices, type Menu, startDevices } from '../support/devices.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';
import { createVolume } from '../support/volume.ts';

// P15: `pair` finds what a device needs. Somebody presses the test button, types into the device what
// pair says, and presses again; the devices are programs that we did not write, in no network of the
// relay's.

const CA = '/certs/ca.pem';
const OUTPUT = '/tmp/pair.out';

const stack = new AsyncDisposableStack();
let devices: Devices;
let stranger: Client;
let isp: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  [devices, stranger, isp] = await startAll(
    stack,
    startDevices(network),
    startClient(network, 'stranger'),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'piyopiyo' } }),
  );
  const yaml = `
myhostname: relay.home.example
networks: [host]
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
  const volumes = { '/var/lib/hikyaku': stack.use(await createVolume()) };
  relay = stack.use(await startRelay(network, { files, volumes }));
});
afterAll(() => stack.disposeAsync());

const said = (): Promise<string> => relay.run(['cat', OUTPUT]);

/** Starts pair for the device, and waits until it listens. */
async function startPair(): Promise<void> {
  const pair = `hikyaku pair ${devices.container.address} --yes`;
  const inBackground = `(${pair} > ${OUTPUT} 2>&1; echo "exit $?" >> ${OUTPUT}) < /dev/null > /dev/null 2>&1 &`;
  await relay.run(['sh', '-c', `: > ${OUTPUT}; ${inBackground}`]);
  await eventually('pair that listens', async () => (await said()).includes('press "send test"'));
}

/** How often pair has said something that has to be done before the next try. */
const turns = (text: string): number => text.match(/again\.$|^exit/gm)?.length ?? 0;

const SECURITY = { none: 'none', STARTTLS: 'starttls', 'SSL/TLS': 'tls' } as const;

/** Types into the device what pair says. A device with old TLS has no other. */
function typed(menu: Menu, text: string): Menu {
  const [, port, security] =
    [...text.matchAll(/on the device: port (\d+), security (\S+)/g)].at(-1) ?? [];
  const [, username, password] =
    [...text.matchAll(/user name (\S+), password (\S+)$/gm)].at(-1) ?? [];
  const isSecurity = (word: string): word is keyof typeof SECURITY => Object.hasOwn(SECURITY, word);
  return {
    ...menu,
    ...(port !== undefined && security !== undefined && isSecurity(security)
      ? { port: Number(port), security: menu.security === 'tls1' ? 'tls1' : SECURITY[security] }
      : {}),
    ...(menu.login !== undefined && username !== undefined && password !== undefined
      ? { login: { username, password } }
      : {}),
  };
}

/** Presses the button until pair has ended. */
async function pairWith(client: string, first: Menu): Promise<string> {
  await isp.clearMessages();
  await startPair();
  let menu = first;
  for (let tries = 0; tries < 8; tries += 1) {
    const before = turns(await said());
    const isSent = await devices.press(client, 'relay', menu);
    const text = await eventually('what pair says of the try', async () => {
      const now = await said();
      return (turns(now) > before || (!isSent && /correct the login/.test(now))) && now;
    });
    if (/^exit \d/m.test(text)) return text;
    menu = typed(menu, text);
  }
  return said();
}

const NOBODY = { username: 'nobody', password: 'nothing' };

it.each<readonly [string, string, Menu, readonly string[]]>([
  [
    'no place in the networks',
    'curl',
    { port: 25, security: 'none' },
    ['networks: [host, ADDRESS]'],
  ],
  [
    'a login, and no TLS',
    'swaks',
    { port: 25, security: 'none', login: NOBODY },
    ['username: device', 'clear_networks: [ADDRESS]'],
  ],
  [
    'a login by STARTTLS',
    'php',
    { port: 587, security: 'starttls', login: NOBODY },
    ['username: device'],
  ],
  ['TLS from the first byte', 'python', { port: 25, security: 'tls' }, ['listen: [25, 587, 465]']],
  [
    'TLS 1.0, and a place in the networks',
    'dotnet',
    { port: 587, security: 'starttls' },
    ['old_tls_port: 2525', 'networks: [host, ADDRESS]'],
  ],
  // Where no login is offered, it does without.
  [
    'a login set in vain',
    'java',
    { port: 25, security: 'none', login: NOBODY },
    ['networks: [host, ADDRESS]'],
  ],
])('%s: %s sends, and the settings that it needs are told', async (_, client, menu, lines) => {
  const text = await pairWith(client, menu);
  expect(text).toMatch(/^exit 0$/m);
  for (const line of lines)
    expect(text).toContain(line.replace('ADDRESS', devices.container.address));
  expect((await isp.messages()).length).toBeGreaterThan(0);
  // What is open is open for the device alone.
  const [, username = 'device', password = 'x'] =
    /user name (\S+), password (\S+)$/m.exec(text) ?? [];
  const mail = { from: 'me@example.org', to: 'friend@example.com' };
  expect(await stranger.send(relay, mail)).toMatchObject({ accepted: false });
  const login = { username, password, mechanism: 'PLAIN' };
  expect(await stranger.send(relay, { ...mail, login })).toMatchObject({ accepted: false });
  await relay.run(['hikyaku', 'reload']);
  expect((await relay.run(['postconf', '-h', 'postlog_service_name'])).trim()).toBe('postlog');
});

it('a change is taken back, however pair ends', async () => {
  await startPair();
  await devices.press('curl', 'relay', { port: 25, security: 'none' });
  await eventually('a change', async () => (await said()).includes('again.'));
  const networks = () => relay.run(['postconf', '-h', 'mynetworks']);
  expect(await networks()).toContain(devices.container.address);
  // The brackets: the shell's own command line does not fit its pattern.
  const script = `for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline | grep -q '[h]ikyaku.* pair 1' && kill -9 $(basename $p); done; true`;
  await relay.run(['sh', '-c', script]);
  await eventually('the settings as they were', async () => {
    return !(await networks()).includes(devices.container.address);
  });
  expect(await stranger.send(relay, { from: 'a@b.example', to: 'c@d.example' })).toMatchObject({
    accepted: false,
  });
});
