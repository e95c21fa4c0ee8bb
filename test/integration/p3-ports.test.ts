import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';

// P3: every way to name a port works, the login included.

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;
let client: Client;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network));
});
afterAll(() => stack.disposeAsync());

describe('RELAY_PORT', () => {
  const PORTS: readonly [port: string, listener: number][] = [
    ['587', 587],
    ['submission', 587],
    ['25', 25],
    ['smtp', 25],
    ['465', 465],
    ['submissions', 465],
  ];
  it.each(PORTS)('%s logs in over TLS on port %i of the provider', async (port, listener) => {
    await provider.clearMessages();
    await using relay = await startRelay(
      network,
      customerOf(provider, { env: { RELAY_PORT: port } }),
    );
    await client.send(relay, { from: 'hoge@isp.example', to: 'friend@example.com' });
    const [message] = await provider.waitForMessages(1);
    expect(message?.session).toMatchObject({
      listener,
      tls: { version: 'TLSv1.3', serverName: 'mail.isp.example' },
      auth: { username: LOGIN.username },
      clientAddress: relay.address,
    });
  });
});
