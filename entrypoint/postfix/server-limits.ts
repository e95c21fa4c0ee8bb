/**
 * A server's final answers (5xx) that are about a limit and not about the mail: the same mail passes
 * later, or in another session. RFC 5321 section 4.5.3.1.10 wants "552 too many recipients" taken for
 * a temporary answer; providers refuse in the same way what is over their quota for a day or a
 * session. One table for all: Postfix's filter is made from it, and `limitIn` reads it.
 *
 * The patterns are POSIX extended regular expressions in the words that JavaScript shares, compared
 * without regard to capitals. They match what stands behind "said: 5xx". The first that matches
 * counts.
 */

/** Whose limit it is: recipients of one message, messages of one session, mail of some time. */
export type Limit = 'recipients' | 'session' | 'quota';

interface Row {
  /** Undefined: a final answer after all. */
  readonly limit: Limit | undefined;
  readonly pattern: string;
  /** The command that was answered thus; default: any. */
  readonly command?: string;
}

const MAIL = '(messages?|e-?mails?|mails?)';
const WINDOW = '(second|minute|hour|day|month)';

const ROWS: readonly Row[] = [
  {
    limit: 'quota',
    pattern: [
      // Congestion (RFC 3463 section 3.5), by which Google names its daily limits; and Exchange's.
      '[ -]5\\.(4\\.5|1\\.90|7\\.23[23]) ',
      '(daily|hourly|monthly|24-hour) ([a-z]+ ){0,3}(limit|quota)',
      `exceed[^(]*(per|this|an?|each) ${WINDOW}`,
      `${MAIL} ([a-z]+ ){0,3}per ${WINDOW}`,
      '(sending|send|outgoing|outbound|submission|relay|relaying|rate|frequency) ?(limit|quota)',
      '(limit|quota) (of|on|for) ([a-z]+ ){0,4}(outgoing|outbound|messages|e-?mails)',
      'rate overlimit|frequency limited|throttl|SubmissionQuotaExceeded',
      `${MAIL} limit (is |was |has been )?(exceeded|reached)`,
      'too many e?-?mails|unusual rate',
    ].join('|'),
  },
  // A mailbox that is full, an address that does not exist, a message that is too large.
  {
    limit: undefined,
    pattern:
      '[ -]5\\.(1\\.[1236]|2\\.2|2\\.3|3\\.4) |mailbox|storage|inbox|size|over ?quota|on the server',
  },
  {
    limit: 'recipients',
    command: 'RCPT TO',
    pattern: [
      '[ -]5\\.5\\.3 ',
      '(too many|maximum|max|limit|number|more than|exceed[a-z]*)[^(]*[ (](recipients|rcpts?)',
      '(recipients|recipient (count|limit|number)|rcpts?)[^(]*(limit|exceed|maximum|too many|reached)',
    ].join('|'),
  },
  {
    limit: 'session',
    pattern: [
      `(too many|max[a-z]*|limit|exceed[a-z]*)[^(]*(${MAIL}|transactions)[^(]*(session|connection)`,
      `(${MAIL}|transactions)[^(]*(session|connection)[^(]*(limit|exceed|maximum|reached)`,
      'too many ([a-z]+ )?(connections|sessions|transactions|messages)',
    ].join('|'),
  },
];

/** A row against all of what Postfix says of a delivery: `5.5.3 host … said: 552 5.5.3 Too many …`. */
const wholePattern = ({ pattern, command }: Row): string => {
  const inReplyTo = command === undefined ? '' : `.*in reply to ${command}`;
  return `^5(\\.[0-9.]+ .*said: 5[0-9][0-9]([ -].*)?(${pattern})${inReplyTo}.*)$`;
};

/**
 * The rows of smtp_delivery_status_filter: a limit's answer becomes a temporary one, and all others
 * stay.
 */
export const limitRows = (): readonly (readonly [pattern: string, result: string])[] =>
  ROWS.map((row) => [wholePattern(row), `${row.limit === undefined ? 5 : 4}$1`]);

/** A server's own answer about its quota, as smtp_reply_filter sees it: a line, the code in front. */
export const QUOTA_REPLY = `^5[0-9][0-9]([ -].*)?(${ROWS.find(({ limit }) => limit === 'quota')?.pattern})`;

/**
 * Which limit an answer is about, if any.
 * @param said what Postfix says of a delivery, its status in front; 4 or 5, for the filter may have
 *   changed it
 */
export function limitIn(said: string): Limit | undefined {
  const asGiven = said.replace(/^4/, '5');
  return ROWS.find((row) => new RegExp(wholePattern(row), 'i').test(asGiven))?.limit;
}
