/**
 * The kinds of trouble, as data: a kind and its facts. Log, queue and probes speak of trouble in
 * these kinds, advice.ts has cause and remedy for each, and JSON, history and metrics carry the
 * kind. Kinds never change their names; a new one is added here, in the table of its group, and,
 * when it is read from somebody's text, in foreign/.
 */
import type { EndingKind } from '../settings/ending.ts';

/** A server's answer, taken apart (RFC 5321 section 4.2, RFC 3463). */
export interface ServerReply {
  readonly code: number;
  /** `5.7.8`; undefined if the server gives no enhanced code. */
  readonly enhanced?: string;
  /** The whole answer on one line, its codes too. */
  readonly text: string;
}

/** The last command of the client. */
export type Step =
  | 'connect'
  | 'greeting'
  | 'EHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'RSET'
  | 'DATA'
  | 'end of DATA';

/** A server's reasons to refuse a login or its account. */
export type LoginKind =
  | 'password'
  | 'app-password'
  | 'sign-in'
  | 'login-disabled'
  | 'login-locked'
  | 'login-service'
  | 'login-rate'
  | 'login-wanted'
  | 'login-too-weak'
  | 'relaying'
  | 'permission'
  | 'trial'
  | 'credits'
  | 'allow-list'
  | 'account-closed'
  | 'account-blocked'
  | 'client-certificate';

/** A server's reasons to refuse a sender, a recipient, a message, or this relay. */
export type MailKind =
  | 'helo'
  | 'sender'
  | 'sender-unverified'
  | 'sender-domain'
  | 'authenticity'
  | 'address-reputation'
  | 'not-wanted'
  | 'recipient'
  | 'mailbox-full'
  | 'size'
  | 'format'
  | 'not-ascii'
  | 'content'
  | 'rate'
  | 'greylisting'
  | 'loop'
  | 'server-disk'
  | 'later'
  | 'refused';

/**
 * A server's refusal. Some of it Postfix sees by itself, without an answer: a message that is larger
 * than the server announced, a loop.
 */
export interface Refused {
  readonly kind: LoginKind | MailKind;
  readonly step?: Step;
  readonly reply?: ServerReply;
  /** As it was said to the server. */
  readonly sender?: string;
  readonly recipient?: string;
}

/** No way of logging in that both sides know. */
export type MechanismTrouble =
  | {
      readonly kind: 'mechanisms';
      /** The server's mechanisms; unknown if only Postfix's log line is known. */
      readonly offered?: readonly string[];
      /** The mechanisms that the setting allows; empty: all. */
      readonly allowed?: readonly string[];
      /** The mechanisms that would work if the setting allowed them. */
      readonly usable?: readonly string[];
      readonly reply?: ServerReply;
    }
  | { readonly kind: 'login-unfinished'; readonly mechanism?: string };

/** Why there is no access token (OAuth 2); an endpoint's error codes are read in companion/tokens. */
export type TokenFault =
  /** No user has logged in yet. */
  | 'no-grant'
  /** The login itself: said no to, too late, of no lasting use, or with nowhere to go. */
  | 'declined'
  | 'code-ended'
  | 'no-refresh-token'
  | 'no-way'
  /** A login without a secret, which the application does not allow. */
  | 'public-client'
  /** A secret that the application is not to have. */
  | 'secret-unwanted'
  /** A request that the endpoint does not understand: a value in it is cut off, or another's. */
  | 'malformed'
  /** A tenant without Exchange Online. */
  | 'no-exchange'
  | 'grant-ended'
  | 'consent'
  | 'tenant'
  | 'client'
  | 'client-secret'
  | 'client-secret-ended'
  | 'client-certificate'
  | 'scope'
  | 'delegation'
  | 'user'
  | 'sign-in'
  | 'clock'
  | 'busy'
  | 'unreachable'
  | 'name'
  | 'proxy'
  | 'untrusted'
  | 'not-oauth'
  | 'refused';

/** There is no access token to log in with. */
export interface TokenTrouble {
  readonly kind: 'token';
  /** Undefined if only Postfix's log line is known, or the first token has not come yet. */
  readonly fault?: TokenFault;
  readonly provider?: 'microsoft' | 'google' | undefined;
  /** The endpoint's own words. */
  readonly detail?: string;
}

/** Something that must be renewed ends soon, or has ended. */
export interface ExpiryTrouble {
  readonly kind: 'expiry';
  readonly what: Exclude<EndingKind, 'access-token'>;
  /** A file, or the user name of a login. */
  readonly name: string;
  /** The path of the setting. */
  readonly setting: string;
  /** `2026-12-10` */
  readonly date: string;
  /** Whole days that are left; negative when it has ended. */
  readonly days: number;
}

export type EncryptionTrouble =
  | { readonly kind: 'tls-wanted' | 'tls-later'; readonly reply?: ServerReply }
  | { readonly kind: 'no-tls'; readonly port?: number; readonly level?: string }
  | { readonly kind: 'starttls-refused'; readonly reply: ServerReply }
  | {
      readonly kind: 'tls-handshake' | 'tls-too-old' | 'tls-not-first';
      readonly port?: number;
      /** OpenSSL's word for it. */
      readonly detail?: string;
    }
  | { readonly kind: 'tls-setup' }
  | TlsaTrouble
  | CertificateTrouble;

/** Why Postfix does not go by the DNS for a certificate; without a fault, it did not say. */
export interface TlsaTrouble {
  readonly kind: 'tlsa';
  readonly fault?: 'none' | 'unsigned' | 'unusable' | 'no-answer' | 'other-certificate';
  /** `_25._tcp.mail.isp.example` */
  readonly name?: string;
}

/** The fault of a server's certificate; absent if Postfix did not name it. */
export interface CertificateTrouble {
  readonly kind: 'certificate';
  readonly fault?: 'expired' | 'not-yet-valid' | 'untrusted' | 'incomplete' | 'weak' | 'name';
  /** Whom it is for. */
  readonly names?: readonly string[];
  readonly host?: string;
  /** Who signed it. */
  readonly signer?: string;
  /** `2026-11-24`: the end of its time, or its beginning when that is still to come. */
  readonly date?: string;
  /** The time of this machine's clock, likewise. */
  readonly today?: string;
  /** OpenSSL's own name for the fault (X509_V_ERR_…). */
  readonly detail?: string;
  /** Whether the setting names a CA file already. */
  readonly ownCa?: boolean;
}

export type ConnectionTrouble =
  | {
      readonly kind:
        | 'port-25'
        | 'no-answer'
        | 'connection-refused'
        | 'connection-reset'
        | 'no-network'
        | 'no-ipv6'
        | 'firewall'
        | 'no-connection';
      readonly host?: string;
      readonly port?: number;
      /** The system's own word for it. */
      readonly detail?: string;
    }
  /** The DNS server answers with an error, or not at all. */
  | { readonly kind: 'resolver'; readonly name?: string; readonly answered?: boolean }
  | { readonly kind: 'name'; readonly name?: string; readonly isRecipient?: boolean }
  | { readonly kind: 'no-address'; readonly name?: string }
  /** A domain whose owner says so (RFC 7505). */
  | { readonly kind: 'takes-no-mail'; readonly name: string }
  | { readonly kind: 'other-family'; readonly name: string; readonly addresses: readonly string[] }
  | { readonly kind: 'mail-domain'; readonly name: string; readonly mailHosts: readonly string[] }
  /** The server accepts the connection and sends no greeting. */
  | { readonly kind: 'no-greeting'; readonly seconds?: number }
  | { readonly kind: 'slow' }
  | { readonly kind: 'connection-lost'; readonly step?: Step; readonly detail?: string }
  | { readonly kind: 'hung-up'; readonly step: Step }
  | { readonly kind: 'silent'; readonly step: Step; readonly seconds: number }
  | { readonly kind: 'not-smtp'; readonly text: string }
  | { readonly kind: 'no-ehlo'; readonly reply: ServerReply }
  | { readonly kind: 'namesake'; readonly name: string; readonly isItself: boolean }
  | { readonly kind: 'size-limit'; readonly theirs: number; readonly ours: number };

/** A database's errors in the look-up of an account. */
export type DatabaseFault =
  | 'columns'
  | 'table'
  | 'database'
  | 'rights'
  | 'login'
  | 'host'
  | 'away'
  | 'file'
  | 'other';

/** Faults of this relay itself. */
export type RelayTrouble =
  | { readonly kind: 'database'; readonly fault: DatabaseFault; readonly complaint?: string }
  | { readonly kind: 'row'; readonly row: string }
  | {
      readonly kind: 'table';
      readonly reference: string;
      readonly fault: 'unreadable' | 'other-answer';
    }
  | { readonly kind: 'tables' | 'mailbox' | 'service' | 'paused' }
  | { readonly kind: 'disk'; readonly freeBytes?: number; readonly neededBytes?: number }
  | { readonly kind: 'inodes' }
  | { readonly kind: 'postfix-down' | 'queue-manager-down' | 'queue-unlisted' | 'signer-away' }
  /** Programs beside Postfix that do not run: the names. */
  | { readonly kind: 'program-away'; readonly programs: readonly string[] }
  | { readonly kind: 'queue-stuck'; readonly count: number; readonly seconds: number }
  /** The relay did not accept a mail: its reply, or the reason why no reply came. */
  | { readonly kind: 'intake'; readonly text: string }
  | { readonly kind: 'not-in-force'; readonly files: readonly string[] }
  | {
      readonly kind: 'secret-file';
      readonly path: string;
      readonly fault: 'readable' | 'missing' | 'index-older';
    }
  | { readonly kind: 'spool'; readonly faults: readonly string[] }
  | { readonly kind: 'clock'; readonly now: string; readonly notBefore: string }
  | { readonly kind: 'own-certificate'; readonly where: string };

/** The trouble of a client of this relay. */
export type ClientTrouble =
  /** It wants a login or encryption that the relay does not offer. */
  | { readonly kind: 'login-not-offered' | 'starttls-not-offered' }
  /** It read what the relay offers, and left: it missed a login or STARTTLS most likely. */
  | { readonly kind: 'left-after-ehlo' }
  | { readonly kind: 'client-tls-first' | 'client-not-smtp' | 'client-hasty' | 'client-gone' }
  /** A command that smtpd(8) refused without writing why: the command's name. */
  | { readonly kind: 'command-refused'; readonly command: string }
  | { readonly kind: 'client-login-failed' }
  /** A password came in clear from where that is not allowed; it was not looked at. */
  | { readonly kind: 'client-login-clear' }
  /**
   * Too many logins have failed, from one address or as one user, so logins are not checked now.
   */
  | { readonly kind: 'client-guessing'; readonly by: 'address' | 'user' }
  /** The login may not use this sender. */
  | { readonly kind: 'client-sender' }
  /** A TLS handshake with this relay that failed; OpenSSL's word for it. */
  | {
      readonly kind: 'client-tls-old' | 'client-distrusts' | 'client-no-tls' | 'client-tls-failed';
      readonly detail?: string;
    }
  | { readonly kind: 'client-rate' | 'client-too-many' }
  | { readonly kind: 'message-too-large' }
  | { readonly kind: 'client-not-allowed' }
  | { readonly kind: 'no-such-mailbox' }
  | { readonly kind: 'bad-address' }
  | { readonly kind: 'client-tls-wanted' }
  | { readonly kind: 'no-room' | 'filter-away' | 'own-lookup' }
  /** A refusal that names the setting behind it. */
  | { readonly kind: 'by-setting'; readonly setting: string }
  | { readonly kind: 'rejected' };

/** Reasons in DNS for which receivers may refuse direct mail from here. */
export type ReceiverTrouble =
  | { readonly kind: 'no-ptr'; readonly address: string }
  | {
      readonly kind: 'ptr-mismatch';
      readonly address: string;
      readonly name: string;
      /** The addresses of the name. */
      readonly addresses: readonly string[];
    }
  /** The name in EHLO leads to no address, or to others than ours. */
  | {
      readonly kind: 'helo-elsewhere';
      readonly name: string;
      readonly addresses: readonly string[];
    }
  | {
      readonly kind: 'spf';
      readonly domain: string;
      readonly fault: 'none' | 'several' | 'invalid' | 'too-many-lookups' | 'softfail' | 'fail';
      readonly address?: string;
      /** The part that receivers do not understand. */
      readonly term?: string;
    }
  | {
      readonly kind: 'dkim';
      readonly domain: string;
      readonly name: string;
      readonly fault: 'missing' | 'several' | 'another key' | 'revoked' | 'unusable';
    }
  | {
      readonly kind: 'dmarc';
      readonly domain: string;
      readonly fault: 'several' | 'invalid' | 'unvouched';
      readonly policy?: string;
    }
  | {
      readonly kind: 'listed';
      readonly address: string;
      readonly list: string;
      readonly reason?: string;
    }
  /** A recipient domain's policy for senders (MTA-STS). */
  | {
      readonly kind: 'sts';
      readonly domain: string;
      readonly fault: 'unusable' | 'other-host';
      readonly detail?: string;
    };

export type Trouble =
  | Refused
  | MechanismTrouble
  | TokenTrouble
  /** The mail server does not accept a token that the endpoint gave. */
  | { readonly kind: 'token-refused'; readonly reply?: ServerReply }
  | ExpiryTrouble
  | EncryptionTrouble
  | ConnectionTrouble
  | RelayTrouble
  | ClientTrouble
  | ReceiverTrouble;

export type Kind = Trouble['kind'];

/** Trouble of one kind. */
export type Of<K extends Kind, T = Trouble> = T extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? T & { readonly kind: K }
    : never
  : never;
