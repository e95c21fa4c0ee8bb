/** The answers that `setup` needs before it writes files. */

export interface Server {
  readonly host: string;
  readonly port: number;
  /** The name of its preset (settings/providers.ts). */
  readonly provider?: string | undefined;
}

/** Whose tokens a login by OAuth 2 asks for. */
export type TokenProvider = 'google' | 'microsoft';

/** How the relay logs in. */
export type Login =
  | { readonly kind: 'password'; readonly password: string }
  /** The token comes from `hikyaku login`, once the relay runs. */
  | {
      readonly kind: 'oauth2';
      readonly provider: TokenProvider;
      readonly clientId: string;
      readonly clientSecret: string | undefined;
    };

/** Who hands mail to the relay: containers, machines of the LAN, devices that log in. */
export const SENDERS = ['containers', 'lan', 'devices'] as const;

export type Sender = (typeof SENDERS)[number];

export interface Account {
  /** The mail address that mail leaves from. */
  readonly address: string;
  readonly server: Server;
  readonly username: string;
  readonly login: Login;
  /** Certificates (PEM) of the server's own authority. */
  readonly ca: string | undefined;
}

export interface Answers extends Account {
  readonly senders: readonly Sender[];
  /** The LAN, as 192.168.1.0/24. */
  readonly lan: string;
  /** The password of the login for devices. */
  readonly devicePassword: string;
  /** The image of the relay. */
  readonly image: string;
  /** A network of Docker that exists; undefined: Compose makes one. */
  readonly network: string | undefined;
}
