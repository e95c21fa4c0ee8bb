/** What the checks work with: a client, providers and relays on networks of their own. */
import { randomBytes } from 'node:crypto';
import { SPOOL } from '../docker/relay-container.ts';
import type { Scratch, ScratchSpec } from '../docker/scratch.ts';
import type { ScratchContainer } from '../docker/scratch-container.ts';
import {
  ACCOUNTS,
  ADDED,
  GIVEN,
  HOST,
  MADE_UP,
  MYHOSTNAME,
  REAL,
  relayYaml,
  TIME_ZONE,
  USER,
  USERS,
} from './home.ts';
import { MockProvider } from './mock-provider.ts';
import { readSent, type Sent } from './sent.ts';

/** Where the relay finds its relay.yaml. */
const SETTINGS = '/etc/hikyaku';
/** Where an observer has the relay's queue. */
export const OBSERVED_QUEUE = '/queue';

interface Prepared {
  readonly given: string;
  readonly settings: string;
  readonly elsewhere: string;
  readonly stranger: ScratchContainer;
}

export class Bench {
  readonly image: string;
  readonly password = `secret-${randomBytes(12).toString('hex')}`;
  /** A network that no relay is told of when it starts, and a machine there, which fills the volumes. */
  readonly elsewhere: string;
  readonly stranger: ScratchContainer;
  readonly #scratch: Scratch;
  readonly #providerImage: string;
  readonly #given: string;
  readonly #settings: string;

  private constructor(scratch: Scratch, image: string, providerImage: string, prepared: Prepared) {
    this.#scratch = scratch;
    this.image = image;
    this.#providerImage = providerImage;
    this.#given = prepared.given;
    this.#settings = prepared.settings;
    this.elsewhere = prepared.elsewhere;
    this.stranger = prepared.stranger;
  }

  static async create(scratch: Scratch, image: string, providerImage: string): Promise<Bench> {
    const [given, settings, elsewhere] = await Promise.all([
      scratch.volume('given'),
      scratch.volume('settings'),
      scratch.network('elsewhere'),
    ]);
    const volumes = { [GIVEN]: given, [SETTINGS]: settings };
    const spec = helper(providerImage, elsewhere, 'stranger', { volumes });
    const stranger = await scratch.container(spec);
    const bench = new Bench(scratch, image, providerImage, {
      ...{ given, settings, elsewhere, stranger },
    });
    const fill = `umask 077; cat > ${GIVEN}/password; cp /authority/ca.pem ${GIVEN}/ca.pem`;
    await stranger.exec(['sh', '-c', fill], { input: bench.password });
    await bench.#writeSettings(relayYaml(ACCOUNTS));
    return bench;
  }

  /** Puts one more account into relay.yaml, that of every relay that has the file. */
  addAccount(): Promise<void> {
    return this.#writeSettings(relayYaml([...ACCOUNTS, ADDED]));
  }

  /** Makes relay.yaml one that must not be taken. */
  spoilSettings(): Promise<void> {
    return this.#writeSettings('relay:\n  port: five\n');
  }

  async #writeSettings(text: string): Promise<void> {
    const write = `cat > ${SETTINGS}/relay.yaml`;
    await this.stranger.exec(['sh', '-c', write], { input: text });
  }

  network(name: string): Promise<string> {
    return this.#scratch.network(name);
  }

  /** A machine that sends mail. */
  client(network: string): Promise<ScratchContainer> {
    return this.#scratch.container(helper(this.#providerImage, network, 'client', {}));
  }

  async provider(network: string, env: Readonly<Record<string, string>>): Promise<MockProvider> {
    const users = USERS.map((user) => `${user}:${this.password}`).join('\n');
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
    const env = { RELAY_PASSWORD: this.password, TZ: TIME_ZONE.TZ };
    return this.#relay(network, env, volumes);
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
        RELAY_MYHOSTNAME: MYHOSTNAME,
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
    const spec = helper(this.#providerImage, network, 'observer', { observes, volumes });
    return this.#scratch.container(spec);
  }

  /** The image's own files, nothing mounted over them, without a Postfix that runs. */
  asleep(network: string): Promise<ScratchContainer> {
    return this.#scratch.container({
      image: this.image,
      network,
      aliases: ['asleep'],
      rights: 'helper',
      entrypoint: ['sleep', '600'],
      command: [],
    });
  }
}

/** A machine with the provider's image that waits to be told what to do, known by that name. */
const helper = (
  image: string,
  network: string,
  alias: string,
  more: Pick<ScratchSpec, 'volumes' | 'observes'>,
): ScratchSpec => ({
  ...{ image, network, aliases: [alias], rights: 'helper', entrypoint: ['sleep', 'infinity'] },
  ...more,
});

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
