/** What the checks work with: a client, providers and relays on networks of their own. */
import { randomBytes } from 'node:crypto';
import { SPOOL } from '../docker/relay-container.ts';
import type { Scratch, ScratchSpec } from '../docker/scratch.ts';
import type { ScratchContainer } from '../docker/scratch-container.ts';
import { MockProvider } from './mock-provider.ts';
import { readSent, type Sent } from './sent.ts';

export const HOST = 'mail.isp.example';
export const USER = 'me';
/** An address that exists at home only, and what it becomes. */
export const MADE_UP = 'report@linux.home.example';
export const REAL = 'me@isp.example';
/** Where the relay finds its password and the provider's CA. */
const GIVEN = '/given';
/** Where it finds its relay.yaml. */
const SETTINGS = '/etc/hikyaku';

/** Senders with an account of their own, on the same server. */
export const ACCOUNTS = [
  { user: 'second', sender: 'second@isp.example', port: 465 },
  { user: 'third', sender: 'third@isp.example', port: 587 },
] as const;

const RELAY_YAML = [
  'accounts:',
  ...ACCOUNTS.flatMap(({ user, sender, port }) => [
    `  - sender: ${sender}`,
    `    host: ${HOST}`,
    `    port: ${port}`,
    `    username: ${user}`,
    `    password_file: ${GIVEN}/password`,
    `    ca_file: ${GIVEN}/ca.pem`,
  ]),
  '',
].join('\n');

/** Where an observer has the relay's queue. */
export const OBSERVED_QUEUE = '/queue';

export class Bench {
  readonly image: string;
  readonly password = `secret-${randomBytes(12).toString('hex')}`;
  readonly #scratch: Scratch;
  readonly #providerImage: string;
  readonly #given: string;
  readonly #settings: string;

  private constructor(
    scratch: Scratch,
    image: string,
    providerImage: string,
    volumes: { readonly given: string; readonly settings: string },
  ) {
    this.#scratch = scratch;
    this.image = image;
    this.#providerImage = providerImage;
    this.#given = volumes.given;
    this.#settings = volumes.settings;
  }

  static async create(scratch: Scratch, image: string, providerImage: string): Promise<Bench> {
    const [given, settings] = await Promise.all([
      scratch.volume('given'),
      scratch.volume('settings'),
    ]);
    const bench = new Bench(scratch, image, providerImage, { given, settings });
    const network = await scratch.network('prepare');
    const filler = await bench.client(network, { [GIVEN]: given, [SETTINGS]: settings });
    const fill = [
      `umask 077; cat > ${GIVEN}/password; cp /authority/ca.pem ${GIVEN}/ca.pem`,
      `printf %s "$1" > ${SETTINGS}/relay.yaml`,
    ].join('\n');
    await filler.exec(['sh', '-c', fill, 'sh', RELAY_YAML], { input: bench.password });
    return bench;
  }

  network(name: string): Promise<string> {
    return this.#scratch.network(name);
  }

  /** A machine that sends mail. */
  client(
    network: string,
    volumes: Readonly<Record<string, string>> = {},
  ): Promise<ScratchContainer> {
    return this.#helper(network, 'client', { volumes });
  }

  async provider(network: string, env: Readonly<Record<string, string>>): Promise<MockProvider> {
    const users = [USER, ...ACCOUNTS.map(({ user }) => user)]
      .map((user) => `${user}:${this.password}`)
      .join('\n');
    const container = await this.#scratch.container({
      image: this.#providerImage,
      network,
      aliases: [HOST],
      rights: 'helper',
      env: { PROVIDER_NAMES: HOST, PROVIDER_USERS: users, ...env },
    });
    const provider = new MockProvider(container);
    await provider.waitUntilReady();
    return provider;
  }

  /** A volume for the queue of one relay. */
  queue(): Promise<string> {
    return this.#scratch.volume(`spool-${randomBytes(4).toString('hex')}`);
  }

  /** The image under test, as compose.yaml would run it: with variables alone. */
  async relay(
    network: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ScratchContainer> {
    const password = { RELAY_PASSWORD_FILE: `${GIVEN}/password` };
    return await this.#relay(network, { ...password, ...env }, { [SPOOL]: await this.queue() });
  }

  /** The same with a relay.yaml too, and with the password in a variable. */
  relayWithFile(network: string, queue: string): Promise<ScratchContainer> {
    const volumes = { [SPOOL]: queue, [`${SETTINGS}:ro`]: this.#settings };
    return this.#relay(network, { RELAY_PASSWORD: this.password }, volumes);
  }

  #relay(
    network: string,
    env: Readonly<Record<string, string>>,
    volumes: Readonly<Record<string, string>>,
  ): Promise<ScratchContainer> {
    return this.#scratch.container({
      image: this.image,
      network,
      aliases: ['relay'],
      rights: 'relay',
      volumes: { ...volumes, [`${GIVEN}:ro`]: this.#given },
      healthEverySeconds: 1,
      env: {
        RELAY_MYHOSTNAME: 'relay.home.example',
        RELAY_HOST: HOST,
        RELAY_USERNAME: USER,
        RELAY_CA_FILE: `${GIVEN}/ca.pem`,
        RELAY_GENERIC: `@linux.home.example=${REAL}`,
        ...env,
      },
    });
  }

  /** A machine that sees the processes of that container, and its queue. */
  observer(network: string, observes: ScratchContainer, queue: string): Promise<ScratchContainer> {
    const volumes = { [`${OBSERVED_QUEUE}:ro`]: queue };
    return this.#helper(network, 'observer', { observes, volumes });
  }

  /** A machine with the provider's image that waits to be told what to do, known by that name. */
  #helper(
    network: string,
    alias: string,
    more: Pick<ScratchSpec, 'volumes' | 'observes'>,
  ): Promise<ScratchContainer> {
    return this.#scratch.container({
      image: this.#providerImage,
      network,
      aliases: [alias],
      rights: 'helper',
      entrypoint: ['sleep', 'infinity'],
      ...more,
    });
  }

  /** The image's files without a Postfix that runs. */
  asleep(network: string): Promise<ScratchContainer> {
    return this.#scratch.container({
      image: this.image,
      network,
      aliases: ['asleep'],
      rights: 'relay',
      entrypoint: ['sleep', '600'],
      command: [],
    });
  }
}

/** Sends one mail from that machine, and tells what it was answered. */
export async function send(
  client: ScratchContainer,
  to: string,
  { port = 25, from = MADE_UP }: { readonly port?: number; readonly from?: string } = {},
): Promise<Sent> {
  const task = {
    ...{ host: 'relay', port, from, to, bytes: 100, prefix: 'verify' },
    ...{ count: 1, attempts: 1, concurrency: 1, deadline_ms: 20_000 },
  };
  return readSent(await client.exec(['node', '/provider/sender.mjs', JSON.stringify(task)]));
}
