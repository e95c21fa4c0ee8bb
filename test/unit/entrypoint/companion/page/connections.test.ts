import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { limitPerAddress } from '../../../../../entrypoint/companion/page/connections.ts';

it('lets one address have only so many connections, and others theirs', async () => {
  const server = createServer((socket) => {
    if (!socket.destroyed) socket.write('welcome');
  });
  limitPerAddress(server, 2);
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  /** What happens first to a connection from this address. */
  const dial = async (localAddress: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => {});
    const seen = await Promise.race([
      once(socket, 'data').then(() => 'heard'),
      once(socket, 'close').then(() => 'closed'),
    ]);
    return { seen, end: () => void socket.destroy() };
  };
  const first = await dial('127.0.0.1');
  const second = await dial('127.0.0.1');
  const third = await dial('127.0.0.1');
  const other = await dial('127.0.0.2');
  expect([first, second, third, other].map(({ seen }) => seen)).toEqual([
    ...['heard', 'heard', 'closed', 'heard'],
  ]);
  first.end();
  await expect.poll(async () => (await dial('127.0.0.1')).seen).toBe('heard');
  second.end();
  other.end();
  server.close();
});
