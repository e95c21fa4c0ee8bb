import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Certificate } from './certificates.ts';
import { type ConnectionPolicy, ProviderConnection } from './connection.ts';
import type { Listener, ProviderOptions } from './options.ts';

/** An SMTP server whose connections are ours. */
export class ProviderServer extends SMTPServer {
  readonly #policy: ConnectionPolicy;
  readonly #connections = new WeakMap<SMTPServerSession, ProviderConnection>();

  constructor(options: SMTPServerOptions, policy: ConnectionPolicy) {
    super(options);
    this.#policy = policy;
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new ProviderConnection(this, socket, options);
    connection.policy = this.#policy;
    this.#connections.set(connection.session, connection);
    this.connections.add(connection);
    connection.on('error', (error) => this.emit('error', error));
    connection.init();
  }

  connectionOf(session: SMTPServerSession): ProviderConnection {
    const connection = this.#connections.get(session);
    if (connection === undefined) throw new Error(`session ${session.id} has no connection`);
    return connection;
  }
}

/** The options of smtp-server for one listener. */
export function serverOptions(
  options: ProviderOptions,
  listener: Listener,
  certificate: Certificate,
): SMTPServerOptions {
  // OpenSSL's default security level refuses what is older than TLS 1.2, and weak certificates.
  const old =
    options.tlsMin === 'TLSv1' || options.tlsMin === 'TLSv1.1' || options.certificate === 'weak';
  return {
    name: options.names[0],
    banner: 'test provider',
    secure: listener.implicitTls,
    ...certificate,
    minVersion: options.tlsMin,
    maxVersion: options.tlsMax,
    ...(old ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    size: options.size,
    rejectOversized: true,
    hidePIPELINING: options.hide.includes('PIPELINING'),
    hide8BITMIME: options.hide.includes('8BITMIME'),
    hideSMTPUTF8: options.hide.includes('SMTPUTF8'),
    hideENHANCEDSTATUSCODES: options.hide.includes('ENHANCEDSTATUSCODES'),
    hideDSN: options.hide.includes('DSN'),
    hideSize: options.hide.includes('SIZE'),
    authMethods: [...options.mechanisms],
    authOptional: true,
    allowInsecureAuth: options.cleartextAuth,
    maxAllowedUnauthenticatedCommands: Number.MAX_SAFE_INTEGER,
    disableReverseLookup: true,
    disabledCommands: options.starttls ? [] : ['STARTTLS'],
    socketTimeout: 10 * 60_000,
    closeTimeout: 100,
    logger: false,
  };
}
