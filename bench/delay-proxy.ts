/**
 * A TCP proxy that puts a distance between relay and provider: every byte arrives so much later,
 * and a new connection waits one round trip more, as its handshake would.
 * Runs in a container: node delay-proxy.ts TARGET PORT ROUND_TRIP_MS
 */
import { createConnection, createServer, type Socket } from 'node:net';

const [target = '', port = '', roundTrip = '0'] = process.argv.slice(2);
const oneWay = Number(roundTrip) / 2;

/** Hands on what one side says, each piece after its time; order is kept. */
function carry(from: Socket, to: Socket): void {
  from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), oneWay));
  from.on('end', () => setTimeout(() => to.end(), oneWay));
  from.on('error', () => to.destroy());
}

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  setTimeout(() => {
    const server = createConnection({
      host: target,
      port: Number(port),
      allowHalfOpen: true,
      noDelay: true,
    });
    carry(client, server);
    carry(server, client);
  }, Number(roundTrip));
}).listen(Number(port), () => process.stdout.write('ready\n'));
