import { readFileSync } from 'node:fs';
import { startClient } from '../test/support/client.ts';
import { startContainer, startReady, type TestContainer } from '../test/support/container.ts';
import { eventually } from '../test/support/eventually.ts';
import { IMAGES, PEER_IMAGES } from '../test/support/images.ts';
import { startNetwork, type TestNetwork } from '../test/support/network.ts';
import { createVolume } from '../test/support/volume.ts';
import { type Contestant, PROVIDER, specOf } from './contestants.ts';

/** A load: so many messages through a provider so far away. */
export interface Load {
  readonly name: string;
  readonly messages: number;
  readonly roundTripMs: number;
  /** How many connections the relay may use; undefined: its own default. */
  readonly connections?: number;
  /** Left out for plain Postfix, which would take too long to be waited for. */
  readonly oursOnly?: boolean;
}

export interface Throughput {
  /** From the first message handed in to the last one at the provider. */
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly logins: number;
}

const proxySource = readFileSync(new URL('delay-proxy.ts', import.meta.url), 'utf8');
const LOG = '/var/log/provider.log';

/** A provider of Debian's Postfix with Cyrus SASL: it counts in its log, and throws mail away. */
async function startProvider(network: TestNetwork, alias: string): Promise<TestContainer> {
  const setUp =
    'postconf -e default_transport=discard: relay_transport=discard: ' +
    `maillog_file=${LOG} smtpd_client_connection_count_limit=0 default_process_limit=200 && ` +
    'echo "discard unix - - n - - discard" >> /etc/postfix/master.cf && exec start';
  const provider = await startContainer({
    image: PEER_IMAGES.postfix,
    network,
    aliases: [alias],
    env: { PEER_NAMES: PROVIDER, PEER_USERS: 'hoge:piyopiyo' },
    command: ['sh', '-c', setUp],
  });
  await eventually('the provider', async () => {
    const { exitCode } = await provider.exec(['grep', '-q', 'daemon started', LOG]);
    return exitCode === 0;
  });
  return provider;
}

const countIn = async (provider: TestContainer, text: string): Promise<number> =>
  Number((await provider.exec(['grep', '-c', text, LOG])).stdout.trim());

const delivered = (provider: TestContainer): Promise<number> => countIn(provider, 'status=sent');
const connections = (provider: TestContainer): Promise<number> =>
  countIn(provider, ']: connect from');

/** Sends the load through a fresh relay, and counts at the provider. */
export async function measureThroughput(contestant: Contestant, load: Load): Promise<Throughput> {
  await using network = await startNetwork();
  const distant = load.roundTripMs > 0;
  await using provider = await startProvider(network, distant ? 'far.isp.example' : PROVIDER);
  await using _proxy = distant ? await startProxy(network, load.roundTripMs) : undefined;
  await using state = contestant.state === undefined ? undefined : await createVolume();
  const ca = await provider.run(['cat', '/authority/ca.pem']);
  const volumes = state === undefined ? {} : { [contestant.state ?? '']: state };
  await using _relay = await startReady(
    specOf(limited(contestant, load), network, ca, { volumes }),
    /daemon started/,
  );
  await using client = await startClient(network);
  const send = (count: number): Promise<string> =>
    client.container.run([
      ...['smtp-source', '-s', '10', '-l', '2000', '-m', String(count)],
      ...['-f', 'sender@example.com', '-t', 'recipient@example.org', 'relay:25'],
    ]);
  const arrived = (count: number): Promise<boolean> =>
    eventually('all messages', async () => (await delivered(provider)) >= count, {
      timeoutMs: 300_000,
      everyMs: 100,
    });
  // One mail first: what a first delivery sets up is not what is measured here.
  await send(1);
  await arrived(1);
  const before = await connections(provider);
  const started = performance.now();
  await send(load.messages);
  await arrived(load.messages + 1);
  const seconds = (performance.now() - started) / 1000;
  const logins = (await connections(provider)) - before;
  return { seconds, messagesPerSecond: load.messages / seconds, logins };
}

const startProxy = (network: TestNetwork, roundTripMs: number): Promise<TestContainer> =>
  startReady(
    {
      image: IMAGES.relay,
      network,
      aliases: [PROVIDER],
      files: { '/bench/delay-proxy.ts': proxySource },
      entrypoint: ['node'],
      command: ['/bench/delay-proxy.ts', 'far.isp.example', '587', String(roundTripMs)],
    },
    /ready/,
  );

/** The same limit for everybody, each told in its own way. */
function limited(contestant: Contestant, { connections }: Load): Contestant {
  if (connections === undefined) return contestant;
  const limit = `smtp_destination_concurrency_limit=${connections}`;
  if (contestant.name === 'plain') {
    return {
      ...contestant,
      entrypoint: ['sh', '-c'],
      command: [`postconf -e ${limit} && exec postfix start-fg`],
    };
  }
  const env = { RELAY_CONNECTIONS: String(connections) };
  return { ...contestant, env: { ...contestant.env, ...env } };
}
