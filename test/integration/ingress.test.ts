import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNat } from '../support/nat.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// Who comes through a NAT that hides the source has an address inside of a network that the relay is
// on, and no gateway's. A swarm's ingress network is such a one; here it is told from the others as
// in a swarm, by what stands in /etc/hosts. That text is the test's, so that no swarm is needed;
// the second half leaves Docker's own in place.

const HOSTS = '/etc/hosts';
const FILE = '/etc/hikyaku/relay.yaml';
const MAIL = { from: 'app@outside.example', to: 'friend@example.com' };

const stack = new AsyncDisposableStack();
let home: TestNetwork;
let other: TestNetwork;
let outside: TestNetwork;
let neighbour: Client;
let stranger: Client;

beforeAll(async () => {
  home = stack.use(await startNetwork());
  other = stack.use(await startNetwork());
  outside = stack.use(await startNetwork());
  neighbour = stack.use(await startClient(home));
  stranger = stack.use(await startClient(outside));
});
afterAll(() => stack.disposeAsync());

async function replyTo(client: Client, target: Relay | string): Promise<string> {
  const { accepted, reply } = await client.send(target, MAIL);
  return accepted ? 'accepted' : reply;
}

describe('a network like the ingress of a swarm', () => {
  it('is attached, and nobody who comes through it may send', async () => {
    const files = { [HOSTS]: '127.0.0.1\tlocalhost\n', [FILE]: 'networks: [attached]\n' };
    await using relay = await startRelay(home, { files });
    const address = await other.join(relay);
    await using mesh = await startNat(outside, other, address, 'mesh');
    await relay.write(HOSTS, `127.0.0.1\tlocalhost\n${relay.address}\trelay\n`);
    await relay.run(['hikyaku', 'reload']);

    expect(await replyTo(stranger, 'mesh')).toMatch(
      /^554 5\.7\.1 .*ingress network of a swarm.*RELAY_TRUST_GATEWAY=yes/,
    );
    await relay.waitForLog(new RegExp(`reject: RCPT from unknown\\[${mesh.innerAddress}\\]`));
    expect(await replyTo(neighbour, relay)).toBe('accepted');

    await relay.write(FILE, 'trust_gateway: yes\n');
    await relay.run(['hikyaku', 'reload']);
    expect(await replyTo(stranger, 'mesh')).toBe('accepted');
  });
});

describe('a NAT on an ordinary network of the relay', () => {
  it('is one of the neighbours, until it is left out with "!"', async () => {
    await using relay = await startRelay(home, { files: { [FILE]: 'networks: [attached]\n' } });
    const address = await other.join(relay);
    await relay.run(['hikyaku', 'reload']);
    await using nat = await startNat(outside, other, address, 'nat');
    expect(await replyTo(stranger, 'nat')).toBe('accepted');

    await relay.write(FILE, `networks: [attached, "!${nat.innerAddress}"]\n`);
    await relay.run(['hikyaku', 'reload']);
    expect(await replyTo(stranger, 'nat')).toMatch(/^554 5\.7\.1 .*left out .*RELAY_NETWORKS/);
    expect(await replyTo(neighbour, relay)).toBe('accepted');
  });
});
