import { startContainer, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** Takes connections to port 25 and makes others, from its own address, to the target. */
const FORWARD = `
const { connect, createServer } = require('node:net');
createServer((client) => {
  const server = connect(25, process.argv[1]);
  client.pipe(server).pipe(client);
  for (const socket of [client, server]) socket.on('error', () => server.destroy(client.destroy()));
}).listen(25, () => console.log('ready'));`;

/**
 * A machine between two networks that hides who comes from the outer one, as a NAT with address
 * translation of the source does, and a swarm's routing mesh: its clients have its address on the
 * inner network.
 *
 * @param target a name or an address on the inner network
 */
export async function startNat(
  outer: TestNetwork,
  inner: TestNetwork,
  target: string,
  alias: string,
): Promise<{ readonly container: TestContainer; readonly innerAddress: string } & AsyncDisposable> {
  const container = await startContainer({
    image: IMAGES.provider,
    network: outer,
    aliases: [alias],
    command: ['node', '-e', FORWARD, target],
    healthEverySeconds: 'never',
  });
  await container.waitForLog(/ready/);
  return {
    container,
    innerAddress: await inner.join(container),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}
