import { startContainer, type TestContainer } from './container.ts';
import type { DnsHandle } from './dns.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** Each verifier's result for the signature of each selector. */
export interface Verdicts {
  readonly [selector: string]: readonly string[];
}

/** Software of others that verifies DKIM signatures, with the test's DNS. */
export class Verifier implements AsyncDisposable {
  readonly container: TestContainer;
  #seen = 0;

  constructor(container: TestContainer) {
    this.container = container;
  }

  /** Asks Perl's Mail::DKIM and Python's dkimpy, in this order. */
  async verify(message: string): Promise<Verdicts> {
    this.#seen += 1;
    const file = `/tmp/message-${this.#seen}`;
    await this.container.copyIn(file, message);
    const verdicts: Record<string, string[]> = {};
    for (const program of [
      'perl /usr/local/bin/mail-dkim.pl',
      'python3 /usr/local/bin/dkimpy.py',
    ]) {
      const said = await this.container.run(['sh', '-c', `${program} < ${file}`]);
      for (const line of said.trimEnd().split('\n')) {
        const [selector = '', result = ''] = line.split(' ');
        verdicts[selector] = [...(verdicts[selector] ?? []), result];
      }
    }
    return verdicts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

/** Starts the verifiers. */
export async function startVerifier(network: TestNetwork, dns: DnsHandle): Promise<Verifier> {
  const spec = {
    image: IMAGES.verifier,
    network,
    aliases: ['verifier'] as const,
    dns: [dns.address],
  };
  return new Verifier(await startContainer(spec));
}
