import type { ParameterForm } from '../postfix/parameter-value.ts';

/** One address of the container's own network interfaces, as `ip address` shows it. */
export interface InterfaceAddress {
  readonly address: string;
  /** The length of the network's prefix in bits. */
  readonly prefix: number;
  /**
   * On a network that brings clients from outside, whose addresses there are not their own: swarm's
   * ingress, or the bridge that it goes out through.
   */
  readonly isIngress?: boolean;
}

/** The certificates in a CA file that a setting names (PEM), or what is wrong with it. */
export type CaFile =
  | {
      readonly pem: string;
      /** A certificate among them that is no longer valid: whose it is, and since when. */
      readonly expired?: string | undefined;
    }
  | { readonly wrong: string; readonly right: string };

/** The proxy of this container for HTTPS, as the usual variables tell it; empty without one. */
export interface HttpsProxy {
  /** HTTPS_PROXY; may hold a password. */
  readonly https: string;
  /** NO_PROXY: the hosts that are reached without it. */
  readonly except: string;
}

/** The text of a file that `oauth2` names, good for its purpose, or what is wrong with it. */
export type OAuth2File =
  | { readonly text: string }
  | { readonly wrong: string; readonly right: string };

/** The private key for DKIM that a setting names, or what is wrong with it. */
export type DkimKey =
  | { readonly algorithm: 'rsa' | 'ed25519' }
  | { readonly wrong: string; readonly right: string };

/** The fault of a certificate or key that a Postfix parameter names. */
export interface KeyPairFault {
  readonly wrong: string;
  readonly right: string;
  /** Whether no TLS is possible with it. */
  readonly isFatal: boolean;
}

/** The listeners' certificate with its key, and when it ends if that is soon; or what is wrong. */
export type ListenerPair =
  | { readonly pem: string; readonly ends: string | undefined; readonly isPast: boolean }
  | ({ readonly of: 'certificate' | 'key' } & Omit<KeyPairFault, 'isFatal'>);

/** The hash of a client's or the page's password, in hexadecimal digits. */
export interface HashedPassword {
  readonly salt: string;
  readonly key: string;
}

/** When the first certificate of a file ends, in seconds since 1970. */
export interface CertificateEnd {
  /** The path of the setting that names the file. */
  readonly setting: string;
  readonly file: string;
  readonly at: number;
}

/** The outside facts that the checks of settings need; read once, at the edge. */
export interface Facts {
  /** The container's host name (hostname(1)). */
  readonly hostname: string;
  /** Addresses of the interfaces, without loopback. */
  readonly interfaces: readonly InterfaceAddress[];
  /** The gateways that the routing table and /etc/hosts name. */
  readonly gateways: readonly string[];
  /** The output of `postconf -d` in the image; absent without Postfix. */
  readonly parameterNames: readonly string[] | undefined;
  /** The forms of the parameters whose defaults show them. */
  readonly parameterForms?: ReadonlyMap<string, ParameterForm>;
  /** The output of `postconf -m` in the image; absent without Postfix. */
  readonly tableTypes: readonly string[] | undefined;
  /** The size of the queue's disk, in bytes; absent without a queue. */
  readonly queueSpace?: number | undefined;
  /** Files of tables that `postfix` refers to, or of a database, and that are not there. */
  readonly missingTables?: ReadonlySet<string>;
  /** Files of a database that are there, and are something else. */
  readonly noDatabases?: ReadonlySet<string>;
  /** Certificates and keys that `postfix` names and that cannot be used, by parameter. */
  readonly keyPairFaults?: ReadonlyMap<string, KeyPairFault>;
  /** The certificate and key that `submission` names. */
  readonly listenerPair?: ListenerPair | undefined;
  /** Hashes a password for storage; absent if nothing is stored. */
  readonly hashPassword?: (username: string, password: string) => HashedPassword;
  /** The CA files that the settings name, by path. */
  readonly caFiles: ReadonlyMap<string, CaFile>;
  /** The ends of these certificates, the listeners', and those that `oauth2` and `postfix` name. */
  readonly certificateEnds?: readonly CertificateEnd[];
  /** The private key that `dkim.key_file` names. */
  readonly dkimKey?: DkimKey | undefined;
  readonly proxy?: HttpsProxy;
  /** The certificates, keys and service accounts that `oauth2` names, by path. */
  readonly oauth2Files?: ReadonlyMap<string, OAuth2File>;
}
