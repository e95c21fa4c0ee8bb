import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isSystemError } from '../../entrypoint/cli/errors.ts';

// Below the ports that Linux gives to outgoing connections (ip_local_port_range, 32768 to 60999),
// from which the engine takes those that it chooses itself.
const LOWEST = 20_000;
const HIGHEST = 32_767;
const ATTEMPTS = 20;

/**
 * A TCP port of the host that nothing listens on, to publish a container's port at.
 *
 * The engine's own choice (`127.0.0.1::25`) does not do: it counts the ports of an address apart
 * from those of 0.0.0.0, and gives up after ten that are taken there.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
}

/** Tries every address at once: 0.0.0.0 cannot be had where one of them is in use. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (isSystemError(error) && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
