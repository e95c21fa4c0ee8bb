/**
 * The provider's HTTP interface. The harness imports these types, so the two ends of the
 * wire cannot drift apart.
 */

/** The steps of an SMTP session at which a fault can strike. */
export const STEPS = [
  'connect',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'end-of-data',
] as const;

export type Step = (typeof STEPS)[number];

/**
 * The fault of the connection:
 * - `close`: shut down politely (after the reply, when there is one)
 * - `hang`: stay connected and never answer again
 * - `vanish`: the socket is destroyed, as when the server is killed
 */
export const ACTIONS = ['close', 'hang', 'vanish'] as const;

export type Action = (typeof ACTIONS)[number];

/** One rule of failure injection: the first rule that applies at a step strikes. */
export interface FaultRule {
  readonly at: Step;
  /** Sent instead of the normal reply, word for word: "451 4.7.1 try again later". */
  readonly reply?: string;
  readonly action?: Action;
  /** Waits before the fault; without another fault it only slows the step. */
  readonly delay_ms?: number;
  /** How often the rule strikes before everything passes; default: always. */
  readonly times?: number;
  /** Between 0 and 1; drawn from a generator that `seed` starts. */
  readonly probability?: number;
  readonly seed?: number;
  /** For `body`: the number of message bytes before the fault; default 0. */
  readonly after_bytes?: number;
  /** For `end-of-data`: the message is recorded, but the client gets no positive reply. */
  readonly keep?: boolean;
  /** All that are given must hold. Addresses: `user@example.com` or `@example.com`. */
  readonly match?: {
    readonly from?: string;
    readonly to?: string;
    readonly username?: string;
    readonly listener?: number;
  };
}

/** How a connection is encrypted. */
export interface TlsFacts {
  /** "TLSv1.3" */
  readonly version: string;
  readonly cipher: string;
  /** The name that the client asked for (SNI). */
  readonly serverName: string | null;
}

/** An attempt to log in. This is a test server: the password that came is recorded. */
export interface LoginFacts {
  readonly mechanism: string;
  readonly username: string;
  /** Null for CRAM-MD5, which does not send one. */
  readonly password: string | null;
  readonly ok: boolean;
  readonly tls: boolean;
}

/** The session as it stood when a message arrived. */
export interface MessageSession {
  readonly id: string;
  /** The port that the client connected to. */
  readonly listener: number;
  readonly tls: TlsFacts | null;
  readonly auth: { readonly mechanism: string; readonly username: string } | null;
  readonly helo: string;
  readonly clientAddress: string;
}

/** One connection, from the greeting to its end. */
export interface ProviderSession extends MessageSession {
  readonly logins: readonly LoginFacts[];
  /** The client's lines, word for word, with SASL exchanges and without message text. */
  readonly commands: readonly string[];
  readonly messages: number;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** The last error reply that was sent. */
  readonly lastError: string | null;
}

/** A message that the provider has accepted. */
export interface ProviderMessage {
  /** Counts from 1. */
  readonly id: number;
  readonly session: MessageSession;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The header and body as received, decoded as UTF-8. */
  readonly raw: string;
  /** Bytes received, dot-stuffing removed. */
  readonly size: number;
  readonly receivedAt: string;
  readonly messageId: string | null;
  /** The header X-Test-Id. */
  readonly testId: string | null;
}

/** Counters; only `messages` decreases when messages are forgotten. */
export interface ProviderStats {
  /** TCP connections, those included whose TLS handshake failed. */
  readonly connections: number;
  readonly sessions: number;
  /** The most sessions that were open at once. */
  readonly peakSessions: number;
  readonly logins: number;
  readonly failedLogins: number;
  readonly tlsErrors: number;
  readonly messages: number;
  /** The id of the newest message, for `/messages?since=`. */
  readonly lastMessage: number;
}

/** A rule as it is in force, with the number of times that it struck. */
export interface FaultState extends FaultRule {
  readonly struck: number;
}
