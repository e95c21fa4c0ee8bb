import type { Socket } from 'node:net';
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import type { Step } from '../advice/trouble.ts';
import { isSystemError } from '../cli/errors.ts';
import { type Reply, ReplyParser } from '../postfix/smtp-reply.ts';

/** How long a server may be silent: to be connected to, and before each of its answers. */
export const PATIENCE_MS = 4_000;

/** How long a conversation may take. */
export interface Patience {
  /** Before each answer; one that has begun may take its time, as a greeting often does ("220-"). */
  readonly silenceMs: number;
  /** In all. */
  readonly wholeMs: number;
}

/** A healthy satellite link needs six seconds for all questions to a server. */
const PATIENCE: Patience = { silenceMs: PATIENCE_MS, wholeMs: 15_000 };

/** The error after a timeout. */
export class NoAnswer extends Error {
  readonly seconds: number;

  constructor(waitedMs: number = PATIENCE_MS) {
    const seconds = Math.ceil(waitedMs / 1000);
    super(`no answer within ${seconds} s`);
    this.seconds = seconds;
  }
}

/** The error after the server closed the connection. */
export class HungUp extends Error {
  constructor() {
    super('the server closed the connection');
  }
}

/** The permitted commands, by their first word. */
const STEPS: readonly Step[] = ['EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'RSET'];

/** A conversation in SMTP, a command at a time. */
export class SmtpSession {
  #socket: Socket;
  #parser = new ReplyParser();
  #step: Step = 'greeting';
  readonly #patience: Patience;
  readonly #end: number;

  constructor(socket: Socket, patience: Patience = PATIENCE) {
    this.#socket = socket;
    this.#patience = patience;
    this.#end = performance.now() + patience.wholeMs;
  }

  /** The last command that was said; the answers within a login belong to AUTH. */
  get step(): Step {
    return this.#step;
  }

  /** Waits for the server's next reply. */
  reply(): Promise<Reply> {
    return this.#within(async () => {
      for (;;) {
        const reply = this.#parser.take();
        if (reply !== undefined) return reply;
        this.#parser.push(await this.#chunk());
      }
    });
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
   * @param servername the requested host (SNI, RFC 6066 section 3); empty: no SNI
   */
  async encrypt(secureContext: SecureContext, servername: string): Promise<TLSSocket> {
    const secured = connectTls({
      socket: this.#socket,
      secureContext,
      servername,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#socket = secured;
    const handshake = new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('close', () => reject(new HungUp()));
      secured.on('error', (error) => reject(isHangUp(error) ? new HungUp() : error));
    });
    await this.#within(() => handshake);
    this.#parser = new ReplyParser();
    return secured;
  }

  get isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #within<T>(answer: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const wait = (waitMs: number) => {
        timer = setTimeout(() => {
          const restMs = this.#end - performance.now();
          if (this.#parser.midReply && restMs > 0) return wait(restMs);
          reject(new NoAnswer(waitMs));
          this.#socket.destroy();
        }, waitMs);
      };
      wait(Math.min(this.#patience.silenceMs, this.#end - performance.now()));
    });
    try {
      return await Promise.race([tooLate, answer()]);
    } finally {
      clearTimeout(timer);
    }
  }

  #chunk(): Promise<string> {
    const socket = this.#socket;
    return new Promise<string>((resolve, reject) => {
      const look = () => {
        const chunk: Buffer | null = socket.read();
        if (chunk !== null) done(() => resolve(chunk.toString('utf8')));
      };
      const failed = (error: unknown) => {
        done(() => reject(isHangUp(error) ? new HungUp() : error));
      };
      const ended = () => failed(new HungUp());
      const done = (settle: () => void) => {
        socket.off('readable', look).off('end', ended).off('close', ended).off('error', failed);
        settle();
      };
      socket.on('readable', look).on('end', ended).on('close', ended).on('error', failed);
      look();
      // It ended before anyone waited for it, so no event will come.
      if (socket.readableEnded || socket.destroyed) ended();
    });
  }
}

/** A reset connection counts as a closed one (Node.js reports it within TLS too). */
const isHangUp = (error: unknown): boolean => isSystemError(error) && error.code === 'ECONNRESET';
