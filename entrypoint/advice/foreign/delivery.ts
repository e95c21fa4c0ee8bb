/**
 * What Postfix says of a delivery: in `delay_reason` of postqueue(1), in its log, in a bounce. A
 * server's answer in it is taken out and read as such; the rest are Postfix's own words.
 *
 * Source: the texts in Postfix 3.10 (src/smtp, src/dns, src/qmgr, src/virtual), provoked one by one
 * with the tests' provider.
 */
import type { ServerReply, Step, Trouble } from '../trouble.ts';
import { madeOf, readReply, ruleFor, type Said, troubleOf, withoutNames } from './reply.ts';

/** `host H[A] said: 550 … (in reply to RCPT TO command)`, as smtp(8) has it. */
const ANSWER =
  /^(?<head>.*?\b(?:said|refused to talk to me|refused to start TLS)): (?<reply>\d{3}(?:[ -].*?)?)(?: \(in reply to (?<command>[^)]*)\))?$/s;

const STEPS: readonly (readonly [RegExp, Step])[] = [
  [/^SASL authentication failed/, 'AUTH'],
  [/refused to start TLS$/, 'STARTTLS'],
  [/refused to talk to me$/, 'greeting'],
];

const COMMANDS: readonly (readonly [RegExp, Step])[] = [
  [/^(EHLO|HELO)/, 'EHLO'],
  [/^MAIL/, 'MAIL'],
  [/^RCPT/, 'RCPT'],
  [/^end of DATA/, 'end of DATA'],
  [/^DATA/, 'DATA'],
];

const stepIn = (
  steps: readonly (readonly [RegExp, Step])[],
  text: string | undefined,
): Step | undefined =>
  text === undefined ? undefined : steps.find(([pattern]) => pattern.test(text))?.[1];

/** The queue manager's prefix for the remembered error of a dead destination. */
const SUSPENDED = /^delivery temporarily suspended: /;

/** The listener inside cannot reach the signer (milter_default_action in postconf(5)). */
const SIGNER_AWAY = /^host 127\.0\.0\.1\[127\.0\.0\.1\] said: 451 4\.7\.1 Service unavailable/;

/**
 * The reason why a delivery failed.
 * @returns undefined for a text that is in no table
 */
export function readDelivery(text: string, said: Said = {}): Trouble | undefined {
  const reason = text.replace(SUSPENDED, '');
  if (SIGNER_AWAY.test(reason)) return { kind: 'signer-away' };
  const { head, reply, command } = ANSWER.exec(reason)?.groups ?? {};
  if (reply === undefined) return ownWords(withoutNames(reason), said);
  const step = stepIn(STEPS, head) ?? stepIn(COMMANDS, command);
  const answer = readReply(reply);
  return step === 'STARTTLS' ? withoutTls(answer) : troubleOf(answer, step, said);
}

/** "Not available" is what a server says that never has any. */
const NEVER = /TLS (is )?(currently )?(not |un)available/i;

const withoutTls = (reply: ServerReply): Trouble =>
  reply.code < 500 && !NEVER.test(reply.text) ? { kind: 'tls-later', reply } : { kind: 'no-tls' };

/** Postfix's own words, the particular before the general. */
const OWN: readonly (readonly [RegExp, Trouble])[] = [
  [/deferred transport/i, { kind: 'paused' }],
  [
    /no mechanism available|No worthy mechs|no compatible auth|no supported AUTH|null AUTH|mechanism (is )?(not supported|unavailable)/i,
    { kind: 'mechanisms' },
  ],
  // Our plugin's answer without a token (sasl/xoauth2.c), in Cyrus SASL's words.
  [/passphrase expired, has to be reset/, { kind: 'token' }],
  [/cannot authenticate to server/i, { kind: 'login-unfinished' }],
  [/message size \d+ exceeds size limit/i, { kind: 'size' }],
  [/SMTPUTF8 is required/i, { kind: 'not-ascii' }],
  [
    /loops? back to myself|message is looping|forwarding loop|too many hops|hop count|mail loop|my own hostname/i,
    { kind: 'loop' },
  ],
  [
    /Insufficient system (storage|resources)|queue file write error|No space left/i,
    { kind: 'disk' },
  ],
  [
    /Server certificate not (verified|trusted)|certificate (verification failed|has expired)/i,
    { kind: 'certificate' },
  ],
  [/TLS is required, but (was not offered|host)/i, { kind: 'no-tls' }],
  [/TLSA|DANE|non DNSSEC/, { kind: 'tlsa' }],
  [/Cannot start TLS|TLS handshake/i, { kind: 'tls-handshake' }],
  [/TLS engine is unavailable|client TLS configuration problem/i, { kind: 'tls-setup' }],
  [/connect to .*\]:25: (Connection|Operation) timed out/i, { kind: 'port-25' }],
  [/connect to .*timed out/i, { kind: 'no-answer' }],
  [/Connection refused/i, { kind: 'connection-refused' }],
  [/connect to .*(Permission denied|Operation not permitted)/i, { kind: 'firewall' }],
  [
    /Network is unreachable|No route to host|Address family not supported|Cannot assign requested address/i,
    { kind: 'no-network' },
  ],
  [
    /Host not found, try again|Temporary failure in name resolution|Name service error.*(SERVFAIL|timed out|unexpected name server reply)/i,
    { kind: 'resolver' },
  ],
  [/Host found but no data record|No address associated/i, { kind: 'no-address' }],
  [
    /Host or domain name not found|Name or service not known|Host not found|unable to look up host|no (MX|SRV) host for/i,
    { kind: 'name' },
  ],
  [
    /(timed out|lost connection with .*) while receiving the initial server greeting/i,
    { kind: 'no-greeting' },
  ],
  [/conversation with .* timed out/i, { kind: 'slow' }],
  [/lost connection with|connect to .*Connection reset/i, { kind: 'connection-lost' }],
  [
    /address resolver failure|lookup error|map lookup problem|(mysql|pgsql|sqlite):/i,
    { kind: 'tables' },
  ],
  [
    /delivery failed to mailbox|maildir delivery failed|cannot update mailbox/i,
    { kind: 'mailbox' },
  ],
  [
    /mail transport unavailable|unknown mail transport error|configuration (error|problem)|trace service failure|local data error/i,
    { kind: 'service' },
  ],
];

/** A text that Postfix does not mark as a server's may be one all the same: a filter's, say. */
function ownWords(text: string, said: Said): Trouble | undefined {
  const own = OWN.find(([pattern]) => pattern.test(text))?.[1];
  if (own !== undefined) return own;
  const kind = ruleFor(text, undefined)?.kind;
  return kind === undefined ? undefined : madeOf(kind, said);
}
