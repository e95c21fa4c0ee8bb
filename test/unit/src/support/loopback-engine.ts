import { mkdtempDisposable } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** The same at a socket, as DOCKER_HOST names it. */
export async function engineAtSocket(
  answer: RequestListener,
): Promise<AsyncDisposable & { address: string }> {
  const directory = await mkdtempDisposable(path.join(tmpdir(), 'hikyaku-engine-'));
  const socket = path.join(directory.path, 'engine.sock');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    address: `unix://${socket}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await directory.remove();
    },
  };
}
