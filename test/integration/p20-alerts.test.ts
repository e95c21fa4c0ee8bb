import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// P20: when mail cannot get out, somebody is told by another way, once, and told again when it can.

interface Alert {
  readonly kind: string;
  readonly isOver: boolean;
  readonly title: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
let hook: Server;
const alerts: Alert[] = [];
/** What a monitor heard: a path, and what was wrong. */
const pulses: { readonly path: string | undefined; readonly body: string }[] = [];

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network));
  hook = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const path = request.url;
      if (path?.startsWith('/ping/') === true) pulses.push({ path, body });
      else alerts.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, network.gateway, resolve));
  stack.defer(() => void hook.close());
  const address = hook.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const volume = stack.use(await createVolume());
  relay = stack.use(
    await startRelay(
      network,
      customerOf(provider, {
        env: {
          RELAY_ALERTS_TO_FILE: '/run/secrets/alerts',
          RELAY_ALERTS_AFTER: '2s',
          RELAY_MYHOSTNAME: 'relay.example',
        },
        files: {
          '/etc/hikyaku/relay.yaml':
            'expect: [{sender: nas@home.example, every: 5s}, {sender: ups@home.example, failed: [fehlgeschlagen]}]',
          '/run/secrets/alerts':
            `http://${network.gateway}:${port}/hook ` +
            `healthcheck://${network.gateway}:${port}/ping/1234`,
        },
        volumes: { '/var/lib/hikyaku': volume },
      }),
    ),
  );
});
afterAll(() => stack.disposeAsync());

const alert = (fits: (one: Alert) => boolean): Promise<Alert> =>
  eventually('an alert', async () => alerts.find(fits));

it('tells once that mail waits, and once that it is well again', async () => {
  await provider.setAway(true);
  await client.send(relay, { from: 'me@example.com', to: 'you@friend.example' });
  const raised = await alert(({ kind, isOver }) => kind === 'mail-waits' && !isOver);
  expect(raised).toMatchObject({ title: expect.stringMatching(/^relay\.example: 1 mail /) });
  expect(raised.text.split('\n')).toHaveLength(2);
  // A second mail is the same concern.
  await client.send(relay, { from: 'me@example.com', to: 'other@friend.example' });
  await relay.kill();
  await relay.start();
  await provider.setAway(false);
  await relay.flush();
  await provider.waitForMessages(2);
  await alert(({ kind, isOver }) => kind === 'mail-waits' && isOver);
  expect(alerts.filter(({ kind }) => kind === 'mail-waits')).toHaveLength(2);
});

it('tells of mail that should come and does not, and when it came', async () => {
  await alert(({ kind, isOver }) => kind === 'mail-missing' && !isOver);
  const mail = { from: 'nas@home.example', to: 'you@friend.example' };
  const sending = setInterval(() => void client.send(relay, mail), 2_000);
  await alert(({ kind, isOver }) => kind === 'mail-missing' && isOver).finally(() =>
    clearInterval(sending),
  );
});

it('tells of mail that says it failed, and shows no subject to anybody else', async () => {
  const send = (subject: string) =>
    client.send(relay, {
      from: 'ups@home.example',
      to: 'you@friend.example',
      headers: { Subject: subject },
    });
  await send('=?utf-8?Q?Sicherung_Fehlge?=\n =?utf-8?Q?schlagen=21?=');
  const { facts } = await alert(({ kind, isOver }) => kind === 'mail-failed' && !isOver);
  expect(facts['subject']).toBe('Sicherung Fehlgeschlagen!');
  await send('Sicherung erfolgreich');
  await alert(({ kind, isOver }) => kind === 'mail-failed' && isOver);
  expect(await relay.logs()).not.toContain('Sicherung');
});

it('tells a monitor what is wrong, and that all is well again', async () => {
  const failed = pulses.findIndex(({ path }) => path === '/ping/1234/fail');
  expect(pulses[failed]?.body).not.toBe('');
  const well = pulses.findIndex(({ path }, index) => index > failed && path === '/ping/1234');
  expect(well).toBeGreaterThan(failed);
});

it('tells of mail that came back', async () => {
  await provider.setFaults({
    at: 'rcpt',
    reply: '550 5.1.1 no such user',
    match: { to: 'nobody@friend.example' },
  });
  await client.send(relay, { from: 'me@example.com', to: 'nobody@friend.example' });
  const { facts } = await alert(({ kind }) => kind === 'mail-came-back');
  expect(facts['to']).toBe('nobody@friend.example');
});

it('tells of a certificate that ends soon, once, and when it was renewed', async () => {
  const certificate = (days: number): Promise<string> =>
    relay.run([
      ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=relay.example'],
      ...['-days', String(days), '-keyout', '/tmp/relay.key', '-out', '/tmp/relay.pem'],
    ]);
  await certificate(5);
  await relay.write(
    '/etc/hikyaku/relay.yaml',
    'submission: {certificate_file: /tmp/relay.pem, key_file: /tmp/relay.key}',
  );
  await relay.run(['hikyaku', 'reload']);
  const { facts } = await alert(({ kind, isOver }) => kind === 'expiry' && !isOver);
  expect(facts).toMatchObject({ what: 'listener-certificate', name: '/tmp/relay.pem', days: 4 });
  const { expiring } = JSON.parse((await relay.exec(['hikyaku', 'status', '--json'])).stdout);
  expect(expiring).toMatchObject([{ trouble: { what: 'listener-certificate' } }]);
  await certificate(100);
  await relay.run(['hikyaku', 'reload']);
  await alert(({ kind, isOver }) => kind === 'expiry' && isOver);
  expect(alerts.filter(({ kind }) => kind === 'expiry')).toHaveLength(2);
});

it('sends a test, and shows its address to nobody', async () => {
  expect(await relay.run(['hikyaku', 'alert', 'test'])).toContain('sent');
  await alert(({ kind }) => kind === 'test');
  expect(await relay.logs()).not.toContain('/hook');
  expect(await relay.run(['hikyaku', 'render'])).not.toContain('/hook');
});
