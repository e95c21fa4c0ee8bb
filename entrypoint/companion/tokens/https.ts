import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { HttpsProxy } from '../../settings/facts.ts';

/** The authorities that Postfix trusts, too. */
const SYSTEM_CA = '/etc/ssl/certs/ca-certificates.crt';

/** The time limit for an endpoint without an answer. */
const PATIENCE_MS = 20_000;
/** A token answer has a few kilobytes. */
const MOST_BYTES = 256 * 1024;

/** The options of oauth4webapi. */
interface Asked {
  readonly method?: string;
  readonly headers?: RequestInit['headers'];
  readonly body?: RequestInit['body'] | undefined;
}

/** How endpoints are reached. */
export interface Reach {
  readonly proxy: HttpsProxy;
  /** Certificates (PEM) that count as well. */
  readonly ca: string;
}

/**
 * What `fetch` is, with certificates and a proxy of one's own, which the one of Node.js does not take
 * for a single request.
 */
export function fetchBy({ proxy, ca }: Reach) {
  const system = existsSync(SYSTEM_CA) ? [readFileSync(SYSTEM_CA, 'utf8')] : [];
  const agent = new Agent({
    ca: [...system, ...(ca === '' ? [] : [ca])],
    ...(proxy.https !== '' && {
      proxyEnv: { HTTPS_PROXY: proxy.https, NO_PROXY: proxy.except },
    }),
  });
  return (url: string, init: Asked): Promise<Response> => send(agent, url, init);
}

function send(agent: Agent, url: string, init: Asked): Promise<Response> {
  const body = init.body === undefined || init.body === null ? '' : String(init.body);
  const headers = Object.fromEntries(new Headers(init.headers));
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: init.method ?? 'GET',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > MOST_BYTES) answer.destroy(new Error('the answer is too long'));
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const { statusCode: status = 0 } = answer;
          if (status < 200) {
            reject(new Error(`an answer with the status ${status}`));
            return;
          }
          const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
            // oauth4webapi would take it for the whole answer, and what is wrong is in the body.
            name === 'www-authenticate'
              ? []
              : values.map((value): [string, string] => [name, value]),
          );
          const isEmpty = status === 204 || status === 205 || status === 304;
          resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: pairs }));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
