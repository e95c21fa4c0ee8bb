/**
 * What smtpd(8) and cleanup(8) say of clients of this relay: in their replies, and in the lines of the
 * log that stand in the place of a reply.
 */
import type { ClientTrouble } from '../trouble.ts';

/** What Postfix says when its own mail filter is away (milter8_def_reply in its source). */
const FILTER_AWAY = /service unavailable - try again later/i;

const NO_ROOM = /4\.3\.1\b|insufficient system storage/i;

/** The relay's own refusals name the setting behind them. */
const NAMED = /\b(RELAY_[A-Z_]+|POSTFIX_\w+)/;

const REPLIES: readonly (readonly [RegExp, ClientTrouble])[] = [
  [/authentication not enabled/i, { kind: 'login-not-offered' }],
  [/not implemented: STARTTLS/, { kind: 'starttls-not-offered' }],
  [/protocol synchronization/i, { kind: 'client-hasty' }],
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

/** What a client came to grief on, by the reply that it got. */
export function readRefusal(reply: string): ClientTrouble {
  const [named] = NAMED.exec(reply) ?? [];
  if (named !== undefined) return { kind: 'by-setting', setting: named };
  if (FILTER_AWAY.test(reply)) return { kind: 'filter-away' };
  return REPLIES.find(([pattern]) => pattern.test(reply))?.[1] ?? { kind: 'rejected' };
}

/** The first bytes of TLS, as Postfix prints them: a record of a handshake (RFC 8446 section 5.1). */
const TLS_HELLO = /^\\026\\003/;

/** What a client came with whose first words are no SMTP. */
export const readAlien = (bytes: string): ClientTrouble => ({
  kind: TLS_HELLO.test(bytes) ? 'client-tls-first' : 'client-not-smtp',
});

/** What a client said before it was answered. */
export const readHaste = (bytes: string): ClientTrouble => ({
  kind: TLS_HELLO.test(bytes) ? 'client-tls-first' : 'client-hasty',
});
