import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

const file = (name: string): string =>
  readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');

/** The authority behind the server's certificate, which is for mail.isp.example. */
export const CA = file('ca.pem');

/** The server's own certificate, then that of the authority. */
export const CHAIN = file('server.pem');

const SECURE = createSecureContext({ key: file('server.key'), cert: CHAIN });

/** What a server answers to one line; undefined: nothing at all. */
export type Answer = (line: string) => string | undefined;

/** A server that says what a test tells it to. */
export interface SmtpServer extends Disposable {
  readonly port: number;
  /** What the client said, in clear and encrypted. */
  readonly lines: readonly string[];
}

/** @param extensions what EHLO announces before and after encryption */
export async function serveSmtp(
  answer: Answer,
  extensions: { readonly clear: readonly string[]; readonly encrypted: readonly string[] },
): Promise<SmtpServer> {
  const lines: string[] = [];
  const serve = (socket: Socket, announced: readonly string[]) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').slice(0, -1)) {
        lines.push(line);
        if (line === 'STARTTLS') {
          socket.write('220 go\r\n');
          socket.removeAllListeners('data');
          serve(
            new TLSSocket(socket, { isServer: true, secureContext: SECURE }),
            extensions.encrypted,
          );
          return;
        }
        const hello = ['mail.isp.example', ...announced].map((text, index) =>
          index === announced.length ? `250 ${text}` : `250-${text}`,
        );
        const said = line.startsWith('EHLO') ? hello.join('\r\n') : answer(line);
        if (said !== undefined) socket.write(`${said}\r\n`);
      }
    });
  };
  const server = createServer((socket) => {
    serve(socket, extensions.clear);
    socket.write('220 mail.isp.example\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    lines,
    [Symbol.dispose]: () => void server.close(),
  };
}
