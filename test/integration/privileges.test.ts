import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer } from '../support/container.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { engine } from '../support/engine.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { LOCKED_DOWN, type Relay, runRelay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// What the relay may do, and does not: a read-only root, no new privileges, and three capabilities
// (compose.yaml has the same, and every test of this folder runs like that).

const MAIL = { from: 'me@home.example', to: 'you@example.com' };
const [SETGID, SETUID, DAC_OVERRIDE] = [0x40n, 0x80n, 0x2n];

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;
let client: Client;
let relay: Relay;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  client = stack.use(await startClient(network));
  relay = stack.use(await startRelay(network, customerOf(provider)));
});
afterAll(() => stack.disposeAsync());

async function delivers(target: Relay): Promise<void> {
  await provider.clearMessages();
  expect(await client.send(target, MAIL)).toMatchObject({ accepted: true });
  const { session } = await provider.waitForMessage();
  expect(session.auth?.username).toBe(LOGIN.username);
}

interface Process {
  readonly program: string;
  readonly uid: number;
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
}

/** The processes of the relay, seen from outside. */
async function processes(): Promise<Process[]> {
  await using observer = await startContainer({
    image: IMAGES.client,
    network,
    aliases: ['observer'],
    entrypoint: ['sleep', 'infinity'],
    observes: relay,
  });
  const read = 'for p in /proc/[0-9]*; do cat $p/status; echo; done 2>/dev/null; true';
  const blocks = (await observer.run(['sh', '-c', read])).split('\n\n');
  const all = blocks.flatMap((block) => {
    const field = (name: string) =>
      new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(block)?.[1]?.split('\t') ?? [];
    const [program] = field('Name');
    if (program === undefined) return [];
    return [
      {
        program,
        uid: Number(field('Uid')[1]),
        capabilities: BigInt(`0x${field('CapEff')[0]}`),
        noNewPrivileges: field('NoNewPrivs')[0] === '1',
      },
    ];
  });
  // Those of the observer itself.
  return all.filter(({ program }) => !['sleep', 'sh', 'cat'].includes(program));
}

describe('a relay with three capabilities and a read-only root', () => {
  it('takes mail and logs in to the provider', () => delivers(relay));

  it('runs what talks to the network as the user postfix, without a single capability', async () => {
    await delivers(relay);
    const all = await processes();
    const talkers = ['smtpd', 'smtp', 'qmgr', 'cleanup', 'pickup', 'tlsmgr', 'trivial-rewrite'];
    const seen = all.filter(({ program }) => talkers.includes(program));
    expect(new Set(seen.map(({ program }) => program))).toEqual(new Set(talkers));
    expect(seen.filter(({ uid, capabilities }) => uid !== 101 || capabilities !== 0n)).toEqual([]);
  });

  it('leaves root to the master alone, with those three capabilities and no more', async () => {
    const all = await processes();
    const roots = all.filter(({ uid }) => uid === 0);
    expect(new Set(roots.map(({ program }) => program))).toEqual(new Set(['master']));
    for (const { capabilities } of roots) expect(capabilities).toBe(SETGID | SETUID | DAC_OVERRIDE);
    expect(all.filter(({ noNewPrivileges }) => !noNewPrivileges)).toEqual([]);
  });

  it('writes secrets into memory alone: not into a layer, nor into the queue', async () => {
    const secrets = [
      LOGIN.password,
      Buffer.from(`\0${LOGIN.username}\0${LOGIN.password}`).toString('base64'),
    ];
    const found = async (folder: string) => {
      const patterns = secrets.flatMap((secret) => ['-e', secret]);
      const { stdout } = await relay.exec(['grep', '-rlF', ...patterns, folder]);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .sort();
    };
    expect(await found('/etc/postfix')).toEqual([
      '/etc/postfix/sasl_passwd',
      '/etc/postfix/sasl_passwd.lmdb',
    ]);
    for (const folder of ['/var/spool/postfix', '/var/lib/postfix', '/tmp']) {
      expect(await found(folder)).toEqual([]);
    }
    const mounts = await relay.run(['cat', '/proc/mounts']);
    expect(mounts).toMatch(/^tmpfs \/etc\/postfix tmpfs /m);
    expect(mounts).toMatch(/^overlay \/ overlay ro,/m);
    // Places where something is mounted, and their parents: empty in the layer.
    const changes = await (await engine()).getContainer(relay.id).changes();
    expect(JSON.stringify(changes)).not.toMatch(/sasl_passwd|main\.cf/);
  });
});

it.each(LOCKED_DOWN.capabilities)(
  'without %s it does not start and names it, so none of the three can be left out',
  async (name) => {
    const capabilities = LOCKED_DOWN.capabilities.filter((one) => one !== name);
    const settings = customerOf(provider, { lockedDown: { ...LOCKED_DOWN, capabilities } });
    const { exitCode, stderr } = await runRelay(network, settings);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 71,
      stderr: expect.stringContaining(`lacks ${name}, which Postfix needs: give it --cap-add`),
    });
  },
);

it('a second relay on one queue does not start and says so; the first goes on', async () => {
  await using spool = await createVolume();
  await using first = await startRelay(network, customerOf(provider, { spool, aliases: ['one'] }));
  const { exitCode, stderr } = await runRelay(network, customerOf(provider, { spool }));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 71,
    stderr: expect.stringContaining('another relay is at work on the queue'),
  });
  await delivers(first);
});

describe("with docker's own process 1 (--init)", () => {
  it('it delivers all the same, and ends when it is told to', async () => {
    await using other = await startRelay(
      network,
      customerOf(provider, { init: true, aliases: ['with-init'] }),
    );
    expect(await other.run(['cat', '/proc/1/comm'])).not.toBe('master\n');
    await delivers(other);
    const log = await other.logs();
    expect(log).toMatch(/status=sent/);
    // Docker's process 1 passes on that its child ended by SIGTERM; after a kill it would be 137.
    expect(await other.stop({ graceSeconds: 60 })).toBe(143);
  });
});

describe('where low ports are for the privileged, as on the network of the host,', () => {
  const sysctls = { 'net.ipv4.ip_unprivileged_port_start': '1024' };

  it('it says which setting opens them instead of ending without a word', async () => {
    const { exitCode, all } = await runRelay(network, customerOf(provider, { sysctls }));
    expect(exitCode).toBe(71);
    expect(all).toContain('may not listen on port 25 or 587');
    expect(all).toContain('NET_BIND_SERVICE');
  });

  it('it delivers with that capability', async () => {
    const capabilities = [...LOCKED_DOWN.capabilities, 'NET_BIND_SERVICE'];
    await using other = await startRelay(
      network,
      customerOf(provider, {
        sysctls,
        aliases: ['low-ports'],
        lockedDown: { ...LOCKED_DOWN, capabilities },
      }),
    );
    await delivers(other);
  });
});
