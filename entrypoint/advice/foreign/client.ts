/**
 * The texts of smtpd(8) and cleanup(8) about clients of this relay: replies, and the lines of the
 * log that stand in the place of a reply.
 */
import type { ClientTrouble } from '../trouble.ts';

/** Postfix's reply while its own mail filter is unreachable (milter8_def_reply in its source). */
const FILTER_AWAY = /service unavailable - try again later/i;

const NO_ROOM = /4\.3\.1\b|insufficient system storage/i;

/** The relay's own refusals name the setting behind them. */
const NAMED = /\b(RELAY_[A-Z_]+|POSTFIX_\w+)/;

const REPLIES: readonly (readonly [RegExp, ClientTrouble])[] = [
  [/authentication not enabled/i, { kind: 'login-not-offered' }],
  [/not implemented: STARTTLS/, { kind: 'starttls-not-offered' }],
  [/protocol synchronization/i, { kind: 'client-hasty' }],
  [/not owned by user/i, { kind: 'client-sender' }],
  [/\b535\b|authentication (failed|aborted)/i, { kind: 'client-login-failed' }],
  [/too much mail|rate limit/i, { kind: 'client-rate' }],
  [/^552|[45]\.3\.4\b|exceeds fixed limit|too (big|large)/i, { kind: 'message-too-large' }],
  [NO_ROOM, { kind: 'no-room' }],
  [/user unknown|unknown in virtual mailbox/i, { kind: 'no-such-mailbox' }],
  [/relay access denied|access denied/i, { kind: 'client-not-allowed' }],
  [/STARTTLS/, { kind: 'client-tls-wanted' }],
  [/lookup failure|server configuration|4\.3\.[05]\b/i, { kind: 'own-lookup' }],
  [/too many (connections|errors)/i, { kind: 'client-too-many' }],
  [/syntax|fully-qualified|bad (address|recipient|sender)/i, { kind: 'bad-address' }],
];

/** The trouble of a client, by the reply to it. */
export function readRefusal(reply: string): ClientTrouble {
  const [named] = NAMED.exec(reply) ?? [];
  if (named !== undefined) return { kind: 'by-setting', setting: named };
  if (FILTER_AWAY.test(reply)) return { kind: 'filter-away' };
  return REPLIES.find(([pattern]) => pattern.test(reply))?.[1] ?? { kind: 'rejected' };
}

/**
 * The first bytes of TLS, as Postfix prints them: a record of a handshake (RFC 8446 section 5.1). Or
 * bytes of which several are no letters: where a newline is among them, the first line is not shown.
 */
const TLS_HELLO = /^\\026\\003|(\\[abfv0-7].*){4}/;

/** OpenSSL's errors in a client's handshake (SSL_R_… in sslerr.h; alerts: RFC 8446 section 6). */
const HANDSHAKES: readonly (readonly [RegExp, Handshake])[] = [
  [
    /unsupported protocol|no shared cipher|version too low|alert protocol version/,
    'client-tls-old',
  ],
  [
    /alert (unknown ca|bad certificate|certificate \w+|unsupported certificate)/,
    'client-distrusts',
  ],
  [/wrong version number|http request|unknown protocol/, 'client-no-tls'],
];

type Handshake = 'client-tls-old' | 'client-distrusts' | 'client-no-tls' | 'client-tls-failed';

/** Why a handshake failed. @param detail undefined if OpenSSL logged no reason */
export function readHandshake(detail: string | undefined): ClientTrouble {
  if (detail === undefined) return { kind: 'client-tls-failed' };
  const kind = HANDSHAKES.find(([pattern]) => pattern.test(detail))?.[1] ?? 'client-tls-failed';
  return { kind, detail };
}

/** The replies of the check of logins (helpers/login.c). */
const LOGIN_REASONS: readonly (readonly [RegExp, ClientTrouble])[] = [
  [/needs TLS here/, { kind: 'client-login-clear' }],
  [/too many failed logins from/, { kind: 'client-guessing', by: 'address' }],
  [/too many failed logins as/, { kind: 'client-guessing', by: 'user' }],
];

/** Why a login failed. */
export const readLoginFailure = (reason: string): ClientTrouble =>
  LOGIN_REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? { kind: 'client-login-failed' };

/** The protocol of a client whose first bytes are not SMTP. */
export const readAlien = (bytes: string): ClientTrouble => ({
  kind: TLS_HELLO.test(bytes) ? 'client-tls-first' : 'client-not-smtp',
});

/** The bytes that a client sent before the reply. */
export const readHaste = (bytes: string): ClientTrouble => ({
  kind: TLS_HELLO.test(bytes) ? 'client-tls-first' : 'client-hasty',
});
