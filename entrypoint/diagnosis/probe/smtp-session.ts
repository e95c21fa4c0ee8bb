import { connect, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { isSystemError } from '../../errors.ts';
import { type Reply, ReplyParser } from '../smtp-reply.ts';

/** How long one server may take for all that it is asked. */
export const PATIENCE_MS = 4_000;

/** What a conversation ends with when the time is up. */
export class NoAnswer extends Error {
  constructor() {
    super(`no answer within ${PATIENCE_MS / 1000} s`);
  }
}

/** What a conversation ends with when the server hangs up. */
export class HungUp extends Error {
  constructor() {
    super('the server closed the connection');
  }
}

const fault = (error: unknown, deadline: AbortSignal): unknown =>
  deadline.aborted ? new NoAnswer() : error;

/** Where a conversation has come to: the last command that was said. */
export const STEPS = ['greeting', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'RSET'] as const;

export type Step = (typeof STEPS)[number];

/** Opens a connection to the first of these addresses that answers. */
export async function openSocket(
  addresses: readonly string[],
  port: number,
  deadline: AbortSignal,
): Promise<Socket> {
  const sockets = addresses.map((host) => connect({ host, port, signal: deadline }));
  try {
    const first = await Promise.any(sockets.map(connected));
    for (const socket of sockets) if (socket !== first) socket.destroy();
    return first;
  } catch (errors) {
    const [error] = errors instanceof AggregateError ? errors.errors : [errors];
    throw fault(error, deadline);
  }
}

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    // Stays, so that an error of a socket that lost the race is nobody's surprise.
    socket.on('error', reject);
  });

/** A conversation in SMTP, a command at a time. */
export class SmtpSession {
  #socket: Socket;
  #parser = new ReplyParser();
  #step: Step = 'greeting';
  readonly #deadline: AbortSignal;

  constructor(socket: Socket, deadline: AbortSignal) {
    this.#socket = socket;
    this.#deadline = deadline;
  }

  /** The last command that was said; the answers within a login belong to AUTH. */
  get step(): Step {
    return this.#step;
  }

  /** Waits for the server's next reply. */
  async reply(): Promise<Reply> {
    for (;;) {
      const reply = this.#parser.take();
      if (reply !== undefined) return reply;
      this.#parser.push(await this.#chunk());
    }
  }

  /** Says one line and waits for the reply. */
  async say(line: string): Promise<Reply> {
    const [verb] = line.split(/[ :]/);
    this.#step = STEPS.find((step) => step === verb) ?? this.#step;
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** Sends what needs no reply: a part of a message. */
  send(text: string): void {
    this.#socket.write(text);
  }

  /**
   * Encrypts the connection from here on. Whether the certificate is good is for the caller to
   * judge.
   * @param servername the host that is asked for (SNI, RFC 6066 section 3); empty: none
   */
  async encrypt(secureContext: SecureContext, servername: string): Promise<TLSSocket> {
    const secured = connectTls({
      socket: this.#socket,
      secureContext,
      servername,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    await new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('close', () => reject(new HungUp()));
      secured.on('error', (error) => reject(isHangUp(error) ? new HungUp() : error));
    }).catch((error: unknown) => {
      throw fault(error, this.#deadline);
    });
    this.#socket = secured;
    this.#parser = new ReplyParser();
    return secured;
  }

  close(): void {
    this.#socket.destroy();
  }

  #chunk(): Promise<string> {
    const socket = this.#socket;
    return new Promise<string>((resolve, reject) => {
      const look = () => {
        const chunk: Buffer | null = socket.read();
        if (chunk !== null) done(() => resolve(chunk.toString('utf8')));
      };
      const failed = (error: unknown) => {
        const reason = isHangUp(error) ? new HungUp() : error;
        done(() => reject(fault(reason, this.#deadline)));
      };
      const ended = () => failed(new HungUp());
      const done = (settle: () => void) => {
        socket.off('readable', look).off('end', ended).off('close', ended).off('error', failed);
        settle();
      };
      socket.on('readable', look).on('end', ended).on('close', ended).on('error', failed);
      look();
    });
  }
}

/** The connection was reset: the same to whoever waits for an answer (also Node.js, within TLS). */
const isHangUp = (error: unknown): boolean => isSystemError(error) && error.code === 'ECONNRESET';
