import type { Server } from 'node:net';

/**
 * Limits the connections of one address, so that no machine can take the page away from
 * all others; the rest of them are closed unheard.
 */
export function limitPerAddress(server: Server, most: number): void {
  const open = new Map<string, number>();
  const count = (address: string, by: number): number => {
    const now = (open.get(address) ?? 0) + by;
    if (now === 0) open.delete(address);
    else open.set(address, now);
    return now;
  };
  server.prependListener('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const isTooMany = count(address, 1) > most;
    socket.once('close', () => void count(address, -1));
    if (isTooMany) socket.destroy();
  });
}
