import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { smtpDialogue } from '../support/dialogue.ts';
import { replyInside, startForwarder } from '../support/inside.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// Whatever forwards a port may look like the container itself (rootless Podman's forwarder), or like
// the gateway of any of its networks: whoever comes that way may be anybody.

const MAIL = { from: 'app@outside.example', to: 'friend@example.com' };
const OWN = /^554 5\.7\.1 .*own address.*RELAY_TRUST_GATEWAY=yes/;

const stack = new AsyncDisposableStack();
let home: TestNetwork;
let second: TestNetwork;
let neighbour: Client;

beforeAll(async () => {
  home = stack.use(await startNetwork({ ipv6: true }));
  second = stack.use(await startNetwork({ gateway: 'last' }));
  neighbour = stack.use(await startClient(home));
});
afterAll(() => stack.disposeAsync());

/** The relay's own addresses, as its programs see them. */
const addressesOf = async (relay: Relay): Promise<readonly string[]> => {
  const list =
    'for (const all of Object.values(require("node:os").networkInterfaces()))' +
    ' for (const { address, internal, scopeid } of all) if (!internal && !scopeid) console.log(address)';
  return (await relay.run(['node', '-e', list])).trim().split('\n');
};

describe.each([
  ['attached'],
  ['host'],
  ['attached, 192.168.1.0/24'],
  ['10.0.0.0/8, 172.16.0.0/12, fd00::/8'],
])('with the networks %s', (networks) => {
  it('the relay does not trust its own addresses, of IPv4 and IPv6', async () => {
    await using relay = await startRelay(home, { env: { RELAY_NETWORKS: networks } });
    const addresses = await addressesOf(relay);
    expect(addresses.filter((address) => address.includes(':'))).not.toEqual([]);
    for (const address of addresses) {
      expect(await replyInside(relay, address)).toMatch(OWN);
      expect(await relay.logs()).toContain(`${address} (its own address)`);
    }
    for (const loopback of ['127.0.0.1', '::1']) {
      expect(await replyInside(relay, loopback)).toMatch(/^250 /);
    }
    expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({ exitCode: 0 });
    if (networks === 'host') return;
    expect(await neighbour.send(relay, MAIL)).toMatchObject({ accepted: true });
  });
});

describe('whoever comes through a forwarder in the network of the relay', () => {
  it('is refused, and may send where the gateway is trusted', async () => {
    const file = '/etc/hikyaku/relay.yaml';
    await using relay = await startRelay(home, { files: { [file]: 'networks: [attached]\n' } });
    await startForwarder(relay, relay.address);
    const viaForwarder = { ...MAIL, port: 2525 };
    expect((await neighbour.send(relay, viaForwarder)).reply).toMatch(OWN);
    await relay.write(file, 'networks: [host]\ntrust_gateway: yes\n');
    await relay.run(['hikyaku', 'reload']);
    expect(await neighbour.send(relay, viaForwarder)).toMatchObject({ accepted: true });
  });
});

describe('a second network whose gateway is its last address', () => {
  it('does not have its gateway trusted', async () => {
    await using relay = await startRelay(home, { env: { RELAY_NETWORKS: 'attached' } });
    const address = await second.join(relay);
    await relay.run(['hikyaku', 'reload']);
    const talk = ['EHLO x.example', `MAIL FROM:<${MAIL.from}>`, `RCPT TO:<${MAIL.to}>`];
    const reply = (await smtpDialogue({ host: address, port: 25 }, talk)).at(-1);
    expect(reply).toMatch(/^554 .*gateway.*RELAY_TRUST_GATEWAY=yes/);
    await relay.waitForLog(new RegExp(`reject: RCPT from unknown\\[${second.gateway}\\]`));
  });
});
