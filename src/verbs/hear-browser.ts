import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import type { Streams } from '../docker/exec.ts';
import type { RelayContainer } from '../docker/relay-container.ts';

/** The listener for this machine's browser after a login (RFC 8252 section 7.3). */
interface HeardBrowser extends Disposable {
  /** `http://127.0.0.1:43211/` */
  readonly address: string;
  /** The whole address of each answer to a login, a line each. */
  readonly answers: Readable;
}

const PAGE = `<!DOCTYPE html>
<meta charset="utf-8"><title>Hikyaku</title>
<p>The answer has arrived. Close this page: the terminal says how it went.</p>
`;

/** Listens only for a browser on this machine, until it is disposed of. */
async function hearBrowser(): Promise<HeardBrowser> {
  const answers = new PassThrough();
  const server = createServer(({ url = '/' }, response) => {
    const isAnswer = /[?&](code|error)=/.test(url);
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      // Other pages must not see the code.
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(isAnswer ? PAGE : '');
    // Node.js lets no line break into a request's path.
    if (isAnswer) answers.write(`${new URL(url, address).href}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An open listening socket has an address and a port (net, "server.address()").
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/`;
  return {
    address,
    answers,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Logs in inside a relay, with the browser of this machine coming back by itself.
 * @param words what stands behind `hikyaku login`
 * @returns its exit code
 */
export async function logInInside(
  relay: RelayContainer,
  words: readonly string[],
  streams: Streams,
): Promise<number> {
  using browser = await hearBrowser();
  const command = ['hikyaku', 'login', '--redirect', browser.address, ...words];
  return await relay.run(command, { ...streams, beside: browser.answers });
}
