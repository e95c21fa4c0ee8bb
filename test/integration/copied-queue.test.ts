import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer } from '../support/container.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { examine } from '../support/examination.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { LOCKED_DOWN, type RelaySettings, runRelay, startRelay } from '../support/relay.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P12, after a queue was copied, restored from a backup, or left behind by another Postfix: the
// files in it may belong to anybody, and its master.pid names a process that was somewhere else.

const TO = 'waiting@example.com';
const MAY_CHANGE_OWNERS = {
  ...LOCKED_DOWN,
  capabilities: [...LOCKED_DOWN.capabilities, 'CHOWN', 'FOWNER'],
};

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;
let client: Client;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  client = stack.use(await startClient(network));
});
afterAll(() => stack.disposeAsync());

const settings = (spool: TestVolume, more: RelaySettings = {}): RelaySettings =>
  customerOf(provider, { spool, ...more });

/** A queue with one mail that waits, whose relay was killed. */
async function leaveBehind(spool: TestVolume): Promise<void> {
  await provider.setFaults({ at: 'mail', reply: '451 4.3.2 try again later' });
  await using relay = await startRelay(network, settings(spool));
  await client.send(relay, { from: 'nas@home.example', to: TO });
  await relay.waitForDelay(TO);
  await relay.kill();
  await provider.setFaults();
  await provider.clearMessages();
}

/** Does something with the files of the queue, as root and without a relay. */
async function asRoot(spool: TestVolume, script: string): Promise<void> {
  await using container = await startContainer({
    image: IMAGES.relay,
    network,
    aliases: ['copier'],
    entrypoint: ['sh', '-c', `cd /var/spool/postfix && ${script}`],
    volumes: { '/var/spool/postfix': spool },
    healthEverySeconds: 'never',
  });
  expect(await container.waitForExit()).toBe(0);
}

const OWNERS: readonly (readonly [string, string, RegExp])[] = [
  // The relay may have been killed before it put the mail aside.
  [
    'one file',
    'find active deferred -type f -exec chown 0:0 {} +',
    /(active|deferred)\/\S+ belongs to somebody else than postfix/,
  ],
  [
    'everything, by the numbers of another machine',
    'chown -R 113:120 active bounce corrupt defer deferred flush hold incoming private saved trace' +
      ' && chown -R 113:121 maildrop public',
    /active has the wrong owner/,
  ],
];

it.each(OWNERS)(
  'mail is delivered from a queue in which somebody else owns %s, once the relay may mend that',
  async (_what, change, complaint) => {
    await using spool = await createVolume();
    await leaveBehind(spool);
    await asRoot(spool, change);

    // Without the right to: not a relay that takes mail and sends none.
    const refused = await runRelay(network, settings(spool));
    expect(refused).toMatchObject({ exitCode: 71, stderr: expect.stringMatching(complaint) });
    expect(refused.stderr).toContain('capabilities CHOWN and FOWNER');

    {
      await using relay = await startRelay(
        network,
        settings(spool, { lockedDown: MAY_CHANGE_OWNERS }),
      );
      await relay.flush();
      await provider.waitForMessage(({ envelope }) => envelope.to.includes(TO));
    }
    // Once is enough.
    await using relay = await startRelay(network, settings(spool));
    expect(await relay.exec(['hikyaku', 'health'])).toMatchObject({ exitCode: 0 });
  },
);

it('a file of somebody else that came in while the relay runs is told by the doctor', async () => {
  await using relay = await startRelay(
    network,
    customerOf(provider, { lockedDown: MAY_CHANGE_OWNERS }),
  );
  await relay.run(['sh', '-c', 'echo > /var/spool/postfix/hold/4BADC0DE1']);
  const { findings } = await examine(relay);
  expect(findings).toContainEqual(
    expect.objectContaining({
      state: 'wrong',
      words: '/var/spool/postfix/hold/4BADC0DE1 belongs to somebody else than postfix',
      remedy: expect.stringContaining('CHOWN and FOWNER'),
    }),
  );
});

it('the process number that a killed relay left there is not taken for a relay', async () => {
  await using spool = await createVolume();
  await leaveBehind(spool);
  expect(await runRelay(network, settings(spool, { command: ['reload'] }))).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining('Postfix does not run here'),
  });
  expect(await runRelay(network, settings(spool, { command: ['status'] }))).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/\(does not run!\)/),
  });
});

const MISSING: readonly (readonly [string, RegExp])[] = [
  ['/etc/postfix', /^hikyaku: \/etc\/postfix cannot be written: mount a tmpfs/m],
  ['/var/lib/postfix', /^hikyaku: \/var\/lib\/postfix cannot be written: mount a tmpfs/m],
];

it.each(MISSING)(
  'with a read-only root and nothing at %s, a start says so',
  async (gone, words) => {
    const lockedDown = {
      ...LOCKED_DOWN,
      tmpfs: LOCKED_DOWN.tmpfs.filter((one) => one.split(':')[0] !== gone),
    };
    expect(await runRelay(network, customerOf(provider, { lockedDown }))).toMatchObject({
      exitCode: 71,
      stderr: expect.stringMatching(words),
    });
  },
);
