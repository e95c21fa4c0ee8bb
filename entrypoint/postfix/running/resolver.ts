import { connect, type Socket } from 'node:net';
import { SPOOL } from '../spool.ts';

/** The address rewriter and resolver that the queue manager asks (trivial-rewrite(8)). */
const SOCKET = `${SPOOL}/private/rewrite`;

const PATIENCE_MS = 10_000;

/** The route of mail for a recipient, from trivial-rewrite(8) (resolve_clnt.h). */
export interface Resolution {
  /** The delivery service: smtp, account-x, virtual, error ... */
  readonly transport: string;
  readonly nexthop: string;
  readonly recipient: string;
  /** Whether the recipient's domain is one of local.domains. */
  readonly staysHere: boolean;
  /** A table or a database gave no answer: mail would wait. */
  readonly failed: boolean;
}

const FLAG = { error: 1 << 2, fail: 1 << 3, virtual: 1 << 10 } as const;

/**
 * Asks the running Postfix, over the socket that its own daemons use. The protocol is that of
 * attr_print0(3): names and values, each ended by NUL, a NUL behind the last; the server speaks
 * first, and says which protocol it is.
 */
export class Resolver implements Disposable {
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<ReadonlyMap<string, string>>;
  #before: Promise<unknown> = Promise.resolve();

  constructor(path = SOCKET) {
    this.#socket = connect({ path });
    this.#socket.setTimeout(PATIENCE_MS, () => this.#socket.destroy(new Error('no answer')));
    this.#replies = replies(this.#socket);
  }

  /** The address as Postfix completes it: a bare name gets myorigin. */
  async rewrite(address: string): Promise<string> {
    if (address === '') return '';
    const reply = await this.#ask({ request: 'rewrite', rule: 'local', address });
    return reply.get('address') ?? address;
  }

  async resolve(sender: string, address: string): Promise<Resolution> {
    const reply = await this.#ask({ request: 'resolve', sender, address });
    const flags = Number(reply.get('flags'));
    return {
      transport: reply.get('transport') ?? '',
      nexthop: reply.get('nexthop') ?? '',
      recipient: reply.get('recipient') ?? address,
      staysHere: (flags & FLAG.virtual) !== 0,
      failed: (flags & (FLAG.error | FLAG.fail)) !== 0,
    };
  }

  /** One question after the other: the server looks for the next one when it has answered. */
  #ask(request: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
    const answer = this.#before.then(() => this.#exchange(request));
    this.#before = answer.catch(() => undefined);
    return answer;
  }

  async #exchange(request: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
    this.#socket.write(`${Object.entries(request).flat().join('\0')}\0\0`);
    const { done, value } = await this.#replies.next();
    if (done === true) throw new Error('Postfix closed the connection');
    return value;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** The answers on a socket, without the server's first words. A later value of a name wins. */
async function* replies(socket: Socket): AsyncGenerator<ReadonlyMap<string, string>> {
  let words: string[] = [];
  let rest = '';
  let isGreeting = true;
  for await (const chunk of socket) {
    const parts = (rest + String(chunk)).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      // A name is never empty, a value may be: an empty text where a name belongs ends the answer.
      if (part !== '' || words.length % 2 === 1) words.push(part);
      else {
        const pairs = words.flatMap((word, at) =>
          at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : [],
        );
        if (!isGreeting) yield new Map(pairs);
        isGreeting = false;
        words = [];
      }
    }
  }
}
