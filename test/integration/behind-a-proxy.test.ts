import { afterAll, beforeAll, expect, it } from 'vitest';
import { customerOf, startIsp } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startTalker, type Talker } from '../support/talker.ts';

// Behind HAProxy, Traefik or a load balancer that says in a first line of its own whose connection
// it hands on (the PROXY protocol): who may send is judged by that client, not by the proxy.

const INSIDE = '192.168.7.20';
const OUTSIDE = '203.0.113.9';

const stack = new AsyncDisposableStack();
let provider: ProviderHandle;
let proxy: Talker;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  proxy = stack.use(await startTalker(network));
  const env = {
    RELAY_NETWORKS: '192.168.7.0/24',
    POSTFIX_smtpd_upstream_proxy_protocol: 'haproxy',
  };
  relay = stack.use(await startRelay(network, customerOf(provider, { env })));
});
afterAll(() => stack.disposeAsync());

/** Hands on a client's mail, up to the answer to its recipient or its whole text. */
async function handOn(client: string, from: string): Promise<readonly string[]> {
  const { replies } = await proxy.say(relay, [
    { say: `PROXY TCP4 ${client} 192.0.2.1 40000 25\r\n` },
    { hear: 1 },
    { say: 'EHLO client.example\r\n' },
    { hear: 1 },
    { say: `MAIL FROM:<${from}>\r\n` },
    { hear: 1 },
    { say: 'RCPT TO:<you@example.com>\r\n' },
    { hear: 1 },
    { say: 'DATA\r\n' },
    { hear: 1 },
    { say: 'Subject: A test\r\n\r\nHello\r\n.\r\nQUIT\r\n' },
    { hear: 'end' },
  ]);
  return replies;
}

it('a client that may send is let in by its own address', async () => {
  const from = 'inside@home.example';
  expect((await handOn(INSIDE, from)).at(-2)).toMatch(/^250 /);
  const { raw } = await provider.waitForMessage(({ envelope }) => envelope.from === from);
  expect(raw).toContain(`[${INSIDE}]`);
});

it('a client that may not is told so, although the proxy is a neighbour', async () => {
  const [, , , refusal] = await handOn(OUTSIDE, 'outside@home.example');
  expect(refusal).toMatch(/^554 5\.7\.1 .*203\.0\.113\.9.*RELAY_NETWORKS/);
});

it('the health check, which comes through no proxy, finds the relay healthy', async () => {
  expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({ exitCode: 0 });
});
