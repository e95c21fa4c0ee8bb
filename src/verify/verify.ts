/**
 * The smoke test of an image that was just built, for its owner: it starts, takes mail from a
 * client, logs in over TLS at a mock provider, rewrites, refuses a stranger, keeps what waits when
 * it is killed, is healthy and stops. What it starts all this with is the library of the tests
 * (test/support), and it proves no more: the promises have tests of their own.
 */
import { customerOf, LOGIN, startIsp } from '../../test/support/customer.ts';
import { eventually, Hopeless } from '../../test/support/eventually.ts';
import { startNetwork, type TestNetwork } from '../../test/support/network.ts';
import type { ProviderMessage } from '../../test/support/provider/api.ts';
import type { ProviderHandle } from '../../test/support/provider.ts';
import { type Relay, startRelay } from '../../test/support/relay.ts';
import { sendMany } from '../../test/support/sender.ts';
import { createVolume } from '../../test/support/volume.ts';
import { type Finding, finding } from './report.ts';

const MADE_UP = 'report@linux.home.example';
const REAL = 'me@isp.example';
const WAITS = 'waits@example.com';

/** @returns what each check found; those that follow a failed start are left out */
export async function verifyImage(image: string): Promise<readonly Finding[]> {
  await using stack = new AsyncDisposableStack();
  const [network, elsewhere, spool] = [
    stack.use(await startNetwork()),
    stack.use(await startNetwork()),
    stack.use(await createVolume()),
  ];
  const provider = stack.use(await startIsp(network));
  const env = {
    RELAY_MYHOSTNAME: 'relay.home.example',
    RELAY_GENERIC: `@linux.home.example=${REAL}`,
  };
  const settings = customerOf(provider, { image, env, spool, healthEverySeconds: 1 });
  const findings: Finding[] = [];
  const check = async (name: string, expected: string, look: () => Promise<void>) => {
    findings.push(await finding(name, expected, look));
    return findings.at(-1)?.ok === true;
  };
  let relay: Relay | undefined;
  const starts = await check('start', 'a Postfix that serves within a minute', async () => {
    relay = stack.use(await startRelay(network, settings));
  });
  if (relay === undefined || !starts) return findings;
  const first = relay;
  await check('health', 'the health check of the image says healthy', () => isHealthy(first));
  await check('delivery', 'mail that is taken on 25 and 587 reaches the provider', () =>
    isDelivered(network, first, provider),
  );
  await check('login', 'the provider sees the login, over TLS', async () => {
    const { session } = await anyMessage(provider);
    equal(session.auth?.username, LOGIN.username);
    if (session.tls === null) throw new Error('it was in clear');
  });
  await check('rewriting', `${MADE_UP} becomes ${REAL} in envelope and header`, async () => {
    const { envelope, raw } = await anyMessage(provider);
    equal(envelope.from, REAL);
    equal(/^From:\s*<?([^>\r\n]*)>?/im.exec(raw)?.[1], REAL);
  });
  await check('strangers', 'refused with 554 on 25 and 587', async () => {
    await elsewhere.join(first, first.alias);
    await isRefused(elsewhere, first);
  });
  await check('queue', 'mail that waits outlives a kill, on its volume', async () => {
    await provider.setAway(true);
    await send(network, first, 25, WAITS);
    await first.kill();
    await first[Symbol.asyncDispose]();
    relay = stack.use(await startRelay(network, settings));
    const waiting = (await relay.queue()).flatMap(({ recipients }) => recipients);
    if (!waiting.some(({ address }) => address === WAITS)) throw new Error('the mail is gone');
    await provider.setAway(false);
    await relay.flush();
    await provider.waitForMessage(({ envelope }) => envelope.to.includes(WAITS));
  });
  const last = relay;
  await check('stop', 'exit code 0 within ten seconds', async () =>
    equal(await last.stop({ graceSeconds: 10 }), 0),
  );
  return findings;
}

async function isHealthy(relay: Relay): Promise<void> {
  const look = async (): Promise<boolean> => {
    const { status } = await relay.health();
    if (status === 'none') throw new Hopeless('the image has no health check');
    return status === 'healthy';
  };
  await eventually('a healthy container', look, { timeoutMs: 30_000 });
}

/** Hands one mail in. @throws Error with the reply when it is not taken */
async function send(network: TestNetwork, relay: Relay, port: number, to: string): Promise<void> {
  const { refused, lost } = await sendMany(network, relay, {
    ...{ count: 1, attempts: 1, port, from: MADE_UP, to },
  });
  const [fault] = [...refused, ...lost];
  if (fault !== undefined) throw new Error(`port ${port}: ${fault.reply}`);
}

async function isDelivered(
  network: TestNetwork,
  relay: Relay,
  provider: ProviderHandle,
): Promise<void> {
  await Promise.all([25, 587].map((port) => send(network, relay, port, `on-${port}@example.com`)));
  await provider.waitForMessages(2);
}

async function anyMessage(provider: ProviderHandle): Promise<ProviderMessage> {
  const [message] = await provider.messages();
  if (message === undefined) throw new Error('no mail at the provider');
  return message;
}

async function isRefused(network: TestNetwork, relay: Relay): Promise<void> {
  for (const port of [25, 587]) {
    const reply = await send(network, relay, port, 'stranger@example.com').then(
      () => 'accepted',
      (fault: Error) => fault.message,
    );
    if (!/^port \d+: 554[ -]/.test(reply)) throw new Error(reply);
  }
}

function equal(found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${found ?? 'nothing'}`);
}
