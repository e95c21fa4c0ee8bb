/**
 * A client that hands a message in as it stands, byte for byte: one that composes messages would
 * choose their fields, and could not say what has to arrive.
 */
import type { ScratchContainer } from '../docker/scratch-container.ts';
import { readSent, type Sent } from './sent.ts';

/** Runs in the client's container; the message comes on standard input, its dots doubled. */
const CLIENT = String.raw`
const [port, from, ...to] = process.argv.slice(1);
const message = require('node:fs').readFileSync(0);
const end = (outcome, reply) => {
  process.stdout.write(JSON.stringify({ outcome, reply }) + '\n', () => process.exit(0));
};
const steps = [
  'EHLO client.example\r\n', 'MAIL FROM:<' + from + '> BODY=8BITMIME\r\n',
  ...to.map((one) => 'RCPT TO:<' + one + '>\r\n'), 'DATA\r\n', message,
];
let heard = '';
const socket = require('node:net').connect(Number(port), 'relay');
socket.setTimeout(20_000, () => end('lost', 'no answer'));
socket.on('error', (error) => end('lost', error.message));
socket.on('close', () => end('lost', 'the connection was closed'));
socket.on('data', (bytes) => {
  heard += bytes;
  const reply = /(?:^|\n)(\d{3} [^\n]*)\r\n$/.exec(heard)?.[1];
  if (reply === undefined) return;
  heard = '';
  if (!/^[23]/.test(reply)) return end('refused', reply);
  const step = steps.shift();
  if (step === undefined) return end('accepted', reply);
  socket.write(step);
});
`;

type Recipients = readonly [string, ...string[]];

/** @param message lines that end in CRLF, the last one too */
export async function handIn(
  client: ScratchContainer,
  { port, from, to }: { readonly port: number; readonly from: string; readonly to: Recipients },
  message: string,
): Promise<Sent> {
  // A dot at the beginning of a line is doubled (RFC 5321, 4.5.2).
  const input = `${message.replaceAll(/^\./gm, '..')}.\r\n`;
  return readSent(await client.exec(['node', '-e', CLIENT, `${port}`, from, ...to], { input }));
}
