import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { type DnsHandle, startDns } from '../support/dns.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import type { ProviderSettings } from '../support/provider-settings.ts';
import { startRelay } from '../support/relay.ts';

// P2: with a relay host everything goes there, and whether its MX records count is the user's word.

const MAIL = { from: 'hoge@isp.example', to: ['a@example.com', 'b@example.net'] };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
/** What the name isp.example itself stands for. */
let host: ProviderHandle;
/** Its MX host. */
let exchanger: ProviderHandle;
/** A relay host of another provider. */
let backup: ProviderHandle;
let dns: DnsHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  // Known by DNS alone: for an alias the engine's own server would answer.
  const start = async (
    name: string,
    alias: string,
    more: Partial<ProviderSettings> = {},
  ): Promise<ProviderHandle> =>
    stack.use(await startIsp(network, { names: [name], aliases: [alias], ...more }));
  host = await start('isp.example', 'host');
  exchanger = await start('mx.isp.example', 'exchanger');
  const users = { 'hoge@backup.example': 'other' };
  backup = await start('mail.backup.example', 'backup', { users });
  dns = stack.use(
    await startDns(network, {
      mx: {
        'isp.example': [{ host: 'mx.isp.example', preference: 10 }],
        'example.com': [{ host: 'mx.isp.example', preference: 10 }],
      },
      a: {
        'isp.example': host.container.address,
        'mx.isp.example': exchanger.container.address,
        'mail.backup.example': backup.container.address,
        // Nobody listens there.
        'down.backup.example': client.container.address,
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const mxQueries = async (): Promise<string[]> =>
  (await dns.queries()).filter(({ type }) => type === 'MX').map(({ name }) => name);

describe('a relay host', () => {
  it('gets everything, and no MX record is looked up', async () => {
    await using relay = await startRelay(network, customerOf(host, { dns: [dns.address] }));
    const before = await mxQueries();
    await client.send(relay, MAIL);
    const [message] = await host.waitForMessages(1);
    expect(message?.envelope.to).toEqual(MAIL.to);
    expect(message?.session).toMatchObject({ listener: 587, auth: { username: 'hoge' } });
    expect(await dns.queries()).toContainEqual(
      expect.objectContaining({ type: 'A', name: 'isp.example' }),
    );
    expect(await mxQueries()).toEqual(before);
    expect(await exchanger.stats()).toMatchObject({ connections: 0 });
  });

  it('with "mx: yes" is looked up, and its MX host gets everything', async () => {
    await host.clearMessages();
    await using relay = await startRelay(
      network,
      customerOf(host, {
        env: { RELAY_MX: 'yes' },
        files: { '/certs/provider-ca.pem': exchanger.caPem },
        dns: [dns.address],
      }),
    );
    await client.send(relay, MAIL);
    const [message] = await exchanger.waitForMessages(1);
    expect(message?.envelope.to).toEqual(MAIL.to);
    expect(message?.session).toMatchObject({ listener: 587, auth: { username: 'hoge' } });
    expect(await mxQueries()).toContain('isp.example');
    expect(await mxQueries()).not.toContain('example.com');
    expect(await host.messages()).toEqual([]);
  });

  it('that is away is replaced by its backups, in order, each with its own login', async () => {
    await host.clearMessages();
    const backups = [
      { host: 'down.backup.example', username: 'nobody', password: 'x' },
      { host: backup.host, username: 'hoge@backup.example', password: 'other' },
    ];
    await using relay = await startRelay(
      network,
      customerOf(host, {
        env: { RELAY_CONFIG: JSON.stringify({ relay: { backups } }) },
        files: { '/certs/provider-ca.pem': `${host.caPem}\n${backup.caPem}` },
        dns: [dns.address],
      }),
    );
    await client.send(relay, MAIL);
    const [first] = await host.waitForMessages(1);
    expect(first?.session.auth).toEqual({ mechanism: expect.any(String), username: 'hoge' });
    expect(await backup.stats()).toMatchObject({ connections: 0 });

    await host.setAway(true);
    await client.send(relay, MAIL);
    const [second] = await backup.waitForMessages(1);
    expect(second?.envelope.to).toEqual(MAIL.to);
    expect(second?.session.auth?.username).toBe('hoge@backup.example');
    const logins = (await backup.sessions()).flatMap((session) => session.logins);
    expect(new Set(logins.map(({ username }) => username))).toEqual(
      new Set(['hoge@backup.example']),
    );
  });
});
