import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';

/** An engine on the loopback address that answers every request in one way. */
export async function loopbackEngine(
  answer: RequestListener,
): Promise<AsyncDisposable & { docker: Docker }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    docker: new Docker({ protocol: 'http', host: '127.0.0.1', port }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
