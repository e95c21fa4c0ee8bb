import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { openSocket } from '../../../../entrypoint/probe/dial.ts';
import { type Patience, SmtpSession } from '../../../../entrypoint/probe/smtp-session.ts';

/** A server of clear text on the loopback, and a conversation with it. */
export async function converse(serve: (socket: Socket) => void, patience: Patience) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const client = await openSocket(['127.0.0.1'], port);
  const session = new SmtpSession(client, patience);
  return {
    session,
    client,
    [Symbol.dispose]: () => {
      session.close();
      server.close();
    },
  };
}
