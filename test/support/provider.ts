import { startReady, type TestContainer } from './container.ts';
import { eventually, type Patience } from './eventually.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';
import type {
  FaultRule,
  FaultState,
  ProviderMessage,
  ProviderSession,
  ProviderStats,
} from './provider/api.ts';
import { type ProviderSettings, providerEnvironment } from './provider-settings.ts';

/** The mock provider, seen from a test. */
export class ProviderHandle implements AsyncDisposable {
  readonly container: TestContainer;
  /** The certificate of the authority that signed the provider's. */
  readonly caPem: string;
  /** The first of its names, by which relays reach it. */
  readonly host: string;
  readonly #base: string;

  constructor(container: TestContainer, host: string, base: string, caPem: string) {
    this.container = container;
    this.host = host;
    this.#base = base;
    this.caPem = caPem;
  }

  messages(): Promise<ProviderMessage[]> {
    return this.#json('/messages');
  }

  /** Every connection, in the order of their greeting. */
  sessions(): Promise<ProviderSession[]> {
    return this.#json('/sessions');
  }

  /** Cheap, however many messages there are. */
  stats(): Promise<ProviderStats> {
    return this.#json('/stats');
  }

  /** The X-Test-Id of every message, in the order of arrival; a message without one is left out. */
  async testIds(): Promise<string[]> {
    const messages = await this.#json<{ testId: string | null }[]>('/messages?fields=testId');
    return messages.flatMap(({ testId }) => testId ?? []);
  }

  /** Waits for this number of messages, and returns all of them. */
  async waitForMessages(count: number, patience?: Patience): Promise<ProviderMessage[]> {
    await eventually(
      `${count} messages at ${this.host}`,
      async () => (await this.stats()).messages >= count,
      patience,
    );
    return this.messages();
  }

  /** Waits for a message that fits, and returns the first. A large one is fetched only once. */
  waitForMessage(
    fits: (message: ProviderMessage) => boolean = () => true,
    patience?: Patience,
  ): Promise<ProviderMessage> {
    let seen = 0;
    return eventually(
      `a message at ${this.host}`,
      async () => {
        const messages = await this.#json<ProviderMessage[]>(`/messages?since=${seen}`);
        seen = messages.at(-1)?.id ?? seen;
        return messages.find(fits);
      },
      patience,
    );
  }

  async clearMessages(): Promise<void> {
    await this.#request('/messages', { method: 'DELETE' });
  }

  /** Replaces the rules of failure injection; without rules no fault occurs. */
  async setFaults(...rules: readonly FaultRule[]): Promise<void> {
    await this.#request('/faults', { method: 'PUT', body: JSON.stringify(rules) });
  }

  /** The rules in force, and how often each has struck. */
  faults(): Promise<FaultState[]> {
    return this.#json('/faults');
  }

  /** While it is away its ports are closed; what it has recorded stays. */
  async setAway(away: boolean): Promise<void> {
    await this.#request('/away', { method: away ? 'PUT' : 'DELETE' });
  }

  async #json<T>(path: string): Promise<T> {
    const answer: T = JSON.parse(await this.#request(path));
    return answer;
  }

  async #request(path: string, init?: RequestInit): Promise<string> {
    const response = await fetch(`${this.#base}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

/** Starts the mock provider under all its names. */
export async function startProvider(
  network: TestNetwork,
  settings: ProviderSettings,
): Promise<ProviderHandle> {
  const container = await startReady(
    {
      image: IMAGES.provider,
      network,
      aliases: settings.aliases ?? settings.names,
      env: providerEnvironment(settings),
      exposedPorts: [8080],
      // `ready` is seen sooner, and a check starts a Node.js every two seconds.
      healthEverySeconds: 'never',
    },
    /is ready/,
  );
  const { host, port } = container.hostAddress(8080);
  const base = `http://${host}:${port}`;
  const caPem = await (await fetch(`${base}/ca.pem`)).text();
  return new ProviderHandle(container, settings.names[0], base, caPem);
}
