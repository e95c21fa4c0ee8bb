import type { Trouble } from '../advice/trouble.ts';
import type { Mechanism } from '../postfix/mechanisms.ts';
import type { Server } from './servers.ts';

/** The facts of a walk to a server, in the order of the walk. */
export interface ProbeResult {
  readonly server: Server;
  readonly facts: readonly Fact[];
}

/** The fields of a certificate. */
export interface CertificateFacts {
  /** Every name that it is for. */
  readonly names: readonly string[];
  readonly signer: string;
  /** `sha256WithRSAEncryption` */
  readonly signature: string;
  /** The length of an RSA key; undefined for other keys. */
  readonly bits: number | undefined;
  readonly from: Date;
  readonly until: Date;
}

/** One thing that was met. */
export type Fact =
  | { readonly kind: 'connected'; readonly address: string; readonly host: string }
  | {
      readonly kind: 'encrypted';
      /** `TLSv1.3` */
      readonly protocol: string;
      /** The source of trust in the certificate; `none` at levels without verification. */
      readonly vouched: 'ca' | 'tlsa' | 'none';
      readonly certificate: CertificateFacts;
    }
  /** No TLS: the setting does not want it, or the server does not offer it. */
  | { readonly kind: 'in-clear'; readonly wanted: boolean }
  /** The server calls itself as this relay does. */
  | { readonly kind: 'same-name'; readonly name: string }
  /** The address that the server sees at our end. */
  | { readonly kind: 'seen-as'; readonly address: string }
  /** The largest message that the server takes, in bytes. */
  | { readonly kind: 'size-limit'; readonly bytes: number }
  | {
      readonly kind: 'mechanisms';
      readonly offered: readonly string[];
      /** Those that both sides may use, Postfix's choice first; never empty. */
      readonly usable: readonly Mechanism[];
    }
  | { readonly kind: 'logged-in'; readonly mechanism: Mechanism }
  /** The probe does not speak that mechanism, or would have had to speak it in clear. */
  | { readonly kind: 'login-untried'; readonly mechanism: Mechanism }
  /** @param waited false: the server has everybody wait at the recipient, and was left there */
  | { readonly kind: 'sender-taken'; readonly sender: string; readonly waited: boolean }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };
