import type { SecureContext } from 'node:tls';
import type { TokenTrouble } from '../advice/trouble.ts';
import type { Login } from '../settings/settings.ts';
import type { Connection } from './dial.ts';
import type { Finder } from './hosts.ts';
import type { Fact } from './result.ts';
import type { Server } from './servers.ts';

/** The facts about this relay and its container that a walk needs. */
export interface ProbeContext extends Finder {
  readonly trust: (server: Server) => SecureContext;
  /** How this relay calls itself. */
  readonly helo: string;
  readonly now: Date;
  /** Why there is no access token for a login by OAuth 2, where that is known. */
  readonly tokenTrouble: (login: Login) => TokenTrouble | undefined;
}

/** A walk in progress: its server, its connection, and the receiver of its facts. */
export interface Walk {
  readonly server: Server;
  readonly senders: readonly string[];
  readonly context: ProbeContext;
  readonly connection: Connection;
  readonly see: (fact: Fact) => void;
}
