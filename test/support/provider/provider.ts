import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerDataStream,
  SMTPServerSession,
} from 'smtp-server';
import type { FaultRule, Step } from './api.ts';
import { checkLogin } from './authentication.ts';
import type { Certificate } from './certificates.ts';
import { addressMatches, type Faults, type StepFacts } from './faults.ts';
import type { Journal, LiveSession } from './journal.ts';
import type { Listener, ProviderOptions } from './options.ts';
import { receive } from './receive.ts';
import { ProviderServer, serverOptions } from './server.ts';

type Done = (error?: Error | null, message?: string) => void;

/** An SMTP reply in place of the normal one. */
function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** One listener of the provider: smtp-server's hooks, which write the journal and fail on demand. */
export class Provider {
  readonly #options: ProviderOptions;
  readonly #port: number;
  readonly #journal: Journal;
  readonly #faults: Faults;
  readonly #server: ProviderServer;
  readonly #live = new WeakMap<SMTPServerSession, LiveSession>();

  constructor(
    options: ProviderOptions,
    listener: Listener,
    certificate: Certificate,
    journal: Journal,
    faults: Faults,
  ) {
    this.#options = options;
    this.#port = listener.port;
    this.#journal = journal;
    this.#faults = faults;
    this.#server = new ProviderServer(
      {
        ...serverOptions(options, listener, certificate),
        onConnect: (session, done) => this.#connect(session, done),
        onSecure: (_socket, session, done) => this.#secure(session, done),
        onAuth: (auth, session, done) => this.#auth(auth, session, done),
        onMailFrom: (address, session, done) => this.#mail(address, session, done),
        onRcptTo: ({ address }, session, done) =>
          this.#step('rcpt', session, { to: [address] }, done, () => done()),
        onData: (stream, session, done) => this.#data(stream, session, done),
        onClose: (session) => this.#close(session),
      },
      {
        authForm: options.authForm,
        strike: (step, connection) => faults.strike(step, connection.facts()),
        heard: ({ session }, line) => this.#live.get(session)?.commands.push(line),
        greeted: ({ session }) => {
          this.#liveOf(session).helo = session.hostNameAppearsAs || '';
        },
      },
    );
    this.#server.server.on('connection', () => journal.countConnection());
    this.#server.on('error', () => journal.countTlsError());
  }

  /** Accepts connections, or refuses new ones and destroys open ones. */
  setAway(away: boolean): void {
    const { server, connections } = this.#server;
    if (server.listening === !away) return;
    if (!away) {
      server.listen(this.#port);
      return;
    }
    server.close();
    for (const { session } of [...connections]) this.#server.connectionOf(session).vanish();
  }

  #connect(session: SMTPServerSession, done: Done): void {
    const { maxConnections } = this.#options;
    if (maxConnections > 0 && this.#server.connections.size > maxConnections) {
      done(reply(421, '4.7.0 Too many connections'));
      return;
    }
    const { id, remoteAddress } = session;
    this.#live.set(session, this.#journal.openSession(id, this.#port, remoteAddress));
    this.#allowAuth(session);
    this.#step('connect', session, {}, done, () => done());
  }

  #secure(session: SMTPServerSession, done: Done): void {
    const socket = this.#server.connectionOf(session)._socket;
    this.#allowAuth(session);
    this.#liveOf(session).tls = {
      version: ('getProtocol' in socket && socket.getProtocol()) || 'unknown',
      cipher: session.tlsOptions ? session.tlsOptions.name : 'unknown',
      serverName: session.servername || null,
    };
    done();
  }

  /** A session's own list of disabled commands replaces the server's (smtp-server, onConnect). */
  #allowAuth(session: SMTPServerSession): void {
    const { starttls, mechanisms, cleartextAuth } = this.#options;
    const auth = mechanisms.length > 0 && (session.secure || cleartextAuth);
    session.disabledCommands = [...(starttls ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])];
  }

  #auth(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    done: (error: Error | null | undefined, response?: { user?: string; message?: string }) => void,
  ): void {
    const username = auth.username ?? '';
    this.#step(
      'auth',
      session,
      { username },
      (error) => done(error),
      () => {
        const login = checkLogin(auth, this.#options.users, session.secure);
        this.#journal.addLogin(this.#liveOf(session), login);
        if (login.ok) done(null, { user: username });
        else done(null, { message: 'Authentication failed: wrong user name or password' });
      },
    );
  }

  #mail({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
    this.#step('mail', session, { from: address }, done, () => {
      const owned = this.#options.senders.get(String(session.user));
      if (this.#options.authRequired && !session.user) {
        done(reply(530, '5.7.0 Authentication required'));
      } else if (owned?.some((pattern) => addressMatches(pattern, address || '<>')) === false) {
        done(reply(553, `5.7.1 <${address}>: not owned by user ${session.user}`));
      } else {
        done();
      }
    });
  }

  async #data(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done) {
    const connection = this.#server.connectionOf(session);
    const inBody = this.#strike('body', session);
    const data = await receive(stream, inBody, (fault, proceed) =>
      connection.suffer(fault, proceed, () => undefined),
    );
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      from: mailFrom ? mailFrom.address : '',
      to: rcptTo.map(({ address }) => address),
    };
    const keep = () => this.#journal.addMessage(this.#liveOf(session), envelope, data);
    const fault = this.#strike('end-of-data', session);
    if (fault?.keep === true) keep();
    this.#passOrSuffer(fault, session, done, () => {
      // smtp-server itself refuses a message over the size limit, whatever this returns.
      if (stream.sizeExceeded) done();
      else done(null, `queued as ${keep()}`);
    });
  }

  #close(session: SMTPServerSession): void {
    const live = this.#live.get(session);
    if (live !== undefined) this.#journal.closeSession(live, session.error ?? null);
  }

  #step(
    step: Step,
    session: SMTPServerSession,
    facts: Partial<StepFacts>,
    done: Done,
    proceed: () => void,
  ): void {
    this.#passOrSuffer(this.#strike(step, session, facts), session, done, proceed);
  }

  #passOrSuffer(
    fault: FaultRule | undefined,
    session: SMTPServerSession,
    done: Done,
    proceed: () => void,
  ): void {
    const refuse = (code: number, text: string) => done(reply(code, text));
    if (fault === undefined) proceed();
    else this.#server.connectionOf(session).suffer(fault, proceed, refuse);
  }

  #strike(
    step: Step,
    session: SMTPServerSession,
    facts: Partial<StepFacts> = {},
  ): FaultRule | undefined {
    const known = this.#server.connectionOf(session).facts();
    return this.#faults.strike(step, { ...known, ...facts });
  }

  #liveOf(session: SMTPServerSession): LiveSession {
    const live = this.#live.get(session);
    if (live === undefined) throw new Error(`session ${session.id} was never opened`);
    return live;
  }
}
