import type { TestContainer } from './container.ts';

/** Speaks SMTP, to the address that follows, up to a recipient; says the last reply but QUIT's. */
const SPEAK = `
const commands = ['EHLO localhost', 'MAIL FROM:<app@client.example>',
  'RCPT TO:<friend@example.com>', 'QUIT'];
const socket = require('node:net').connect(25, process.argv[1]);
require('node:readline').createInterface({ input: socket }).on('line', (line) => {
  if (line[3] !== ' ') return;
  if (commands.length === 1) console.log(line);
  if (commands.length > 0) socket.write(commands.shift() + '\\r\\n');
});`;

/**
 * The reply at RCPT to a client inside the container.
 * @param address the address that it connects to; where that is the container's own, it comes from
 *   there, too
 */
export const replyInside = async (container: TestContainer, address: string): Promise<string> =>
  (await container.run(['node', '-e', SPEAK, address])).trim();

/** Takes connections to port 2525 and hands them on to port 25 of the address that follows. */
const FORWARD = `
const { connect, createServer } = require('node:net');
createServer((client) => {
  const server = connect(25, process.argv[1]);
  client.pipe(server).pipe(client);
  for (const socket of [client, server]) socket.on('error', () => server.destroy(client.destroy()));
}).listen(2525);`;

/**
 * A port forwarder inside the container's network namespace, as rootless Podman has one for each
 * published port: whoever connects to port 2525 reaches port 25 from the container's own address.
 */
export async function startForwarder(container: TestContainer, address: string): Promise<void> {
  const start = 'node -e "$1" "$2" < /dev/null > /dev/null 2>&1 &';
  await container.run(['sh', '-c', start, 'sh', FORWARD, address]);
}
