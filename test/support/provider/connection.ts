import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { FaultRule, Step } from './api.ts';
import type { StepFacts } from './faults.ts';
import type { AuthForm } from './options.ts';

/** The part of the server that a connection needs. */
export interface ConnectionPolicy {
  readonly authForm: AuthForm;
  /** The fault that strikes this connection at this step, if any. */
  strike(step: Step, connection: ProviderConnection): FaultRule | undefined;
  greeted(connection: ProviderConnection): void;
  heard(connection: ProviderConnection, line: string): void;
}

/**
 * An SMTP connection with what smtp-server has no hook for: the commands as they came, the old form
 * of the AUTH announcement, replies that carry their own enhanced status code, and faults at EHLO,
 * STARTTLS and DATA. Everything else is done in the server's hooks.
 */
export class ProviderConnection extends SMTPConnection {
  policy: ConnectionPolicy | undefined;
  /** Whatever the client says, it hears nothing more. */
  #hanging = false;

  /** smtp-server waits 100 ms for clients that talk too soon; a test has no such clients. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  override _onCommand(command: Buffer, done?: () => void): void {
    this.policy?.heard(this, command.toString());
    if (!this.#hanging) super._onCommand(command, done);
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (this.#hanging) return;
    if (Array.isArray(data)) {
      super.send(code, this.#announce(data), context);
      return;
    }
    const carriesCode = typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data);
    super.send(code, data, carriesCode ? false : context);
  }

  /** The only reply of several lines is the one to EHLO. */
  #announce(lines: readonly string[]): string[] {
    const form = this.policy?.authForm ?? 'standard';
    return lines.flatMap((line) => {
      if (!line.startsWith('AUTH ') || form === 'standard') return [line];
      const old = line.replace('AUTH ', 'AUTH=');
      return form === 'equals' ? [old] : [line, old];
    });
  }

  override handler_EHLO(command: Buffer, done: () => void): void {
    this.#pass('ehlo', done, () => {
      super.handler_EHLO(command, done);
      this.policy?.greeted(this);
    });
  }

  override handler_HELO(command: Buffer, done: () => void): void {
    this.#pass('ehlo', done, () => {
      super.handler_HELO(command, done);
      this.policy?.greeted(this);
    });
  }

  override handler_STARTTLS(command: Buffer, done: () => void): void {
    this.#pass('starttls', done, () => super.handler_STARTTLS(command, done));
  }

  override handler_DATA(command: Buffer, done: () => void): void {
    this.#pass('data', done, () => super.handler_DATA(command, done));
  }

  #pass(step: Step, done: () => void, proceed: () => void): void {
    const fault = this.policy?.strike(step, this);
    if (fault === undefined) {
      proceed();
      return;
    }
    this.suffer(fault, proceed, (code, text) => {
      this.send(code, text);
      done();
    });
  }

  /**
   * Carries a fault out.
   *
   * @param proceed what happens without a fault: done when the fault is only a delay
   * @param refuse sends the fault's reply the way that fits the step
   */
  suffer(
    fault: FaultRule,
    proceed: () => void,
    refuse: (code: number, text: string) => void,
  ): void {
    const { delay_ms: delay, reply, action } = fault;
    const strike = () => {
      if (reply !== undefined) refuse(Number(reply.slice(0, 3)), reply.slice(4));
      if (action === 'close') this.close();
      else if (action === 'vanish') this.vanish();
      else if (action === 'hang') this.#hanging = true;
      else if (reply === undefined) proceed();
    };
    if (delay === undefined) strike();
    else setTimeout(strike, delay);
  }

  /** Destroys the socket: the other side sees the connection end without a word. */
  vanish(): void {
    this._socket.destroy();
  }

  /** The values that the rules of failure injection can match. */
  facts(): StepFacts {
    const { envelope, user } = this.session;
    return {
      listener: this.localPort,
      username: typeof user === 'string' ? user : null,
      from: envelope?.mailFrom ? envelope.mailFrom.address : null,
      to: envelope?.rcptTo.map((recipient) => recipient.address) ?? [],
    };
  }
}
