import { startContainer, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';
import {
  composeMessage,
  type Delivery,
  type Handover,
  type Mail,
  readTranscript,
  swaksArguments,
} from './swaks.ts';

/** Something that takes mail: a container of the harness, or a name on the network. */
export type Target = string | { readonly alias: string } | { readonly container: TestContainer };

/** The name by which the network knows it. */
export function targetName(target: Target): string {
  if (typeof target === 'string') return target;
  return 'alias' in target ? target.alias : target.container.alias;
}

/** A machine that sends mail by swaks. */
export class Client implements AsyncDisposable {
  readonly container: TestContainer;
  #sent = 0;

  constructor(container: TestContainer) {
    this.container = container;
  }

  /** Hands one mail over, and returns what the server said. A refusal is not an error. */
  async send(target: Target, mail: Mail & Handover): Promise<Delivery> {
    this.#sent += 1;
    const file = `/tmp/message-${this.#sent}`;
    await this.container.copyIn(file, composeMessage(mail, new Date()));
    const command = swaksArguments(targetName(target), mail, mail, file);
    const { output } = await this.container.exec(command);
    return readTranscript(output);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

/** Starts a client on the network; several can be there under different aliases. */
export async function startClient(network: TestNetwork, alias = 'client'): Promise<Client> {
  return new Client(await startContainer({ image: IMAGES.client, network, aliases: [alias] }));
}
