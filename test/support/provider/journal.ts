import type {
  LoginFacts,
  MessageSession,
  ProviderMessage,
  ProviderSession,
  ProviderStats,
  TlsFacts,
} from './api.ts';

/** Changeable while the connection lives; read through `ProviderSession`. */
export interface LiveSession extends ProviderSession {
  helo: string;
  tls: TlsFacts | null;
  auth: MessageSession['auth'];
  logins: LoginFacts[];
  commands: string[];
  messages: number;
  closedAt: string | null;
  lastError: string | null;
}

/** Everything that the provider has seen. Clearing the messages leaves the sessions. */
export class Journal {
  readonly sessions: LiveSession[] = [];
  messages: ProviderMessage[] = [];
  #connections = 0;
  #tlsErrors = 0;
  #open = 0;
  #peak = 0;
  #logins = 0;
  #failedLogins = 0;
  #lastMessage = 0;

  countConnection(): void {
    this.#connections += 1;
  }

  countTlsError(): void {
    this.#tlsErrors += 1;
  }

  openSession(id: string, listener: number, clientAddress: string): LiveSession {
    const session: LiveSession = {
      id,
      listener,
      clientAddress,
      helo: '',
      tls: null,
      auth: null,
      logins: [],
      commands: [],
      messages: 0,
      openedAt: new Date().toISOString(),
      closedAt: null,
      lastError: null,
    };
    this.sessions.push(session);
    this.#open += 1;
    this.#peak = Math.max(this.#peak, this.#open);
    return session;
  }

  closeSession(session: LiveSession, lastError: string | null): void {
    session.closedAt = new Date().toISOString();
    session.lastError = lastError;
    this.#open -= 1;
  }

  addLogin(session: LiveSession, login: LoginFacts): void {
    session.logins.push(login);
    if (login.ok) {
      session.auth = { mechanism: login.mechanism, username: login.username };
      this.#logins += 1;
    } else {
      this.#failedLogins += 1;
    }
  }

  addMessage(session: LiveSession, envelope: ProviderMessage['envelope'], data: Buffer): number {
    const { id, listener, tls, auth, helo, clientAddress } = session;
    const raw = data.toString('utf8');
    session.messages += 1;
    this.#lastMessage += 1;
    this.messages.push({
      id: this.#lastMessage,
      session: { id, listener, tls, auth, helo, clientAddress },
      envelope,
      raw,
      size: data.length,
      receivedAt: new Date().toISOString(),
      messageId: headerField(raw, 'Message-ID'),
      testId: headerField(raw, 'X-Test-Id'),
    });
    return this.#lastMessage;
  }

  clearMessages(): void {
    this.messages = [];
  }

  stats(): ProviderStats {
    return {
      connections: this.#connections,
      sessions: this.sessions.length,
      peakSessions: this.#peak,
      logins: this.#logins,
      failedLogins: this.#failedLogins,
      tlsErrors: this.#tlsErrors,
      messages: this.messages.length,
      lastMessage: this.#lastMessage,
    };
  }
}

/** The first header field of that name on one line, or null. */
export function headerField(raw: string, name: string): string | null {
  const end = raw.search(/\r?\n\r?\n/);
  const header = end < 0 ? raw : raw.slice(0, end);
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(header)?.[1] ?? null;
}
