import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ProviderMessage } from './api.ts';
import { parseFaultRules } from './fault-rules.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';

interface Parts {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly caPem: string;
  readonly setAway: (away: boolean) => void;
}

type Handler = (parts: Parts, url: URL, body: string) => unknown;

/** An answer that is text, not JSON. */
class Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const HANDLERS: Readonly<{ [methodAndPath: string]: Handler }> = {
  'GET /health': () => new Text('ok\n'),
  'GET /ca.pem': ({ caPem }) => new Text(caPem),
  'GET /sessions': ({ journal }) => journal.sessions,
  'GET /stats': ({ journal }) => journal.stats(),
  'GET /messages': ({ journal }, url) => selectMessages(journal.messages, url.searchParams),
  'DELETE /messages': ({ journal }) => journal.clearMessages(),
  'GET /faults': ({ faults }) => faults.state(),
  'PUT /faults': ({ faults }, _url, body) => faults.set(parseFaultRules(body)),
  'PUT /away': ({ setAway }) => setAway(true),
  'DELETE /away': ({ setAway }) => setAway(false),
  'DELETE /faults': ({ faults }) => faults.set([]),
};

/**
 * The messages that `?since=ID&fields=id,envelope` asks for: those after that id, and only these
 * properties of them, so that a run with thousands of messages can be counted cheaply.
 */
function selectMessages(
  messages: readonly ProviderMessage[],
  query: URLSearchParams,
): readonly object[] {
  const since = Number(query.get('since') ?? 0);
  const fields = query.get('fields')?.split(',');
  const wanted = messages.filter((message) => message.id > since);
  if (fields === undefined) return wanted;
  return wanted.map((message) =>
    Object.fromEntries(Object.entries(message).filter(([key]) => fields.includes(key))),
  );
}

/** The HTTP side of the provider. */
export function createHttpServer(parts: Parts): Server {
  return createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      respond(response, 400, new Text(`${error instanceof Error ? error.message : error}\n`));
    });
  });
}

async function answer(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://provider');
  const handler = HANDLERS[`${request.method} ${url.pathname}`];
  if (handler === undefined) return respond(response, 404, new Text('no such resource\n'));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  respond(response, 200, handler(parts, url, Buffer.concat(chunks).toString('utf8')));
}

function respond(response: ServerResponse, status: number, content: unknown): void {
  const plain = content instanceof Text;
  response.writeHead(status, { 'content-type': plain ? 'text/plain' : 'application/json' });
  response.end(plain ? content.text : JSON.stringify(content ?? null));
}
