/** What Postfix says to clients when its own mail filter is away (milter8_def_reply in its source). */
const FILTER_AWAY = /service unavailable - try again later/i;

/** Undefined when the reply is not about a mail filter. */
export const filterRemedy = (reply: string): string | undefined =>
  FILTER_AWAY.test(reply)
    ? 'the mail filter in POSTFIX_smtpd_milters does not answer: start it, and look whether its ' +
      'address is right; POSTFIX_milter_default_action=accept takes mail without it'
    : undefined;

/** What lets mail in again when the relay takes none at all; undefined when its reply tells nothing. */
export const intakeRemedy = (reply: string): string | undefined =>
  filterRemedy(reply) ?? (NO_ROOM.test(reply) ? MAKE_ROOM : undefined);

const NO_ROOM = /4\.3\.1\b|insufficient system storage/i;
const MAKE_ROOM = 'make room on the volume of /var/spool/postfix';

/** What would let a mail in that this relay refused, by its own reply. */
const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /authentication not enabled/i,
    'switch the login off at the client: this relay knows its clients by their network',
  ],
  [
    /not implemented: STARTTLS/,
    'switch encryption off at the client, or give this relay a certificate ' +
      '(POSTFIX_smtpd_tls_chain_files, POSTFIX_smtpd_tls_security_level=may)',
  ],
  [
    /begins with TLS/,
    'set the client to no encryption, port 25: this relay speaks no TLS from the first byte',
  ],
  [/does not speak SMTP/, 'nothing, unless it is a program that should send mail'],
  [
    /protocol synchronization/i,
    'the client says more before it is answered: have it use EHLO, or give it a newer mail program',
  ],
  [
    /went away, or fell silent/,
    "look at the client's own log; a program that ends its lines in LF alone instead of CRLF waits " +
      'for ever, since this relay does not take that for the end of a message',
  ],
  [
    /too much mail|rate limit/i,
    'RELAY_RATE_CLIENT (rate.client) says how much one client may hand in',
  ],
  [
    /^552|[45]\.3\.4\b|exceeds fixed limit|too (big|large)/i,
    'RELAY_MESSAGE_SIZE (message_size) says how large mail may be',
  ],
  [NO_ROOM, MAKE_ROOM],
  [
    /user unknown|unknown in virtual mailbox/i,
    'correct the address, or add the name to RELAY_LOCAL_MAILBOXES (local.mailboxes)',
  ],
  [/relay access denied|access denied/i, "add the client's network to RELAY_NETWORKS (networks)"],
  [/STARTTLS/, 'let the client use TLS (POSTFIX_smtpd_tls_security_level wants it)'],
  [/lookup failure|server configuration|4\.3\.[05]\b/i, 'run "hikyaku doctor"'],
  [
    /too many (connections|errors)/i,
    'have the client open fewer connections at once, or look at what it does wrong',
  ],
  [/syntax|fully-qualified|bad (address|recipient|sender)/i, 'correct the address at the client'],
];

/** Which setting would change a refusal, or whom to ask. */
export function refusalRemedy(reply: string): string {
  // The relay's own refusals name it themselves.
  const [named] = /\bRELAY_[A-Z_]+/.exec(reply) ?? [];
  if (named !== undefined) {
    return `if such mail should be taken, change ${named}, then "hikyaku reload" or a new container`;
  }
  return (
    filterRemedy(reply) ??
    REMEDIES.find(([pattern]) => pattern.test(reply))?.[1] ??
    "the reply's own words say why"
  );
}
