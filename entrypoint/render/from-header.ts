import { literal, literalPattern } from '../postfix/cf-syntax.ts';
import { AT_HOME } from '../settings/rules/addresses/made-up-names.ts';

/**
 * The From header of mail that leaves as one address: that address replaces the original ones,
 * which stay visible as its display name. RFC 5322 section 3.4 gives the syntax of a From header.
 * Postfix matches the whole header with its folds (header_checks(5)).
 */

type Rows = readonly (readonly [pattern: string, result: string])[];

/** Adds the original From as Reply-To if the message has no Reply-To (helpers/keep-originals.c). */
const REPLY_TO_NOTE = 'X-Hikyaku-Reply-To';

/** An address without quotes and comments; the lengths are those of RFC 5321 section 4.5.3.1. */
const LOCAL_PART = String.raw`[^\s<>()\[\]:;@\\,"]{1,64}`;
const AT_DOMAIN = String.raw`@(?:[^\s<>()\[\]:;@\\,"]{1,255}|\[[^\s\]]{1,64}\])`;
const ADDRESS = `${LOCAL_PART}${AT_DOMAIN}`;

/** The sender of a message that had no From, which Postfix adds after it has marked it. */
const MARKED_ADDRESS = String.raw`(${LOCAL_PART}?)\+send-as(${AT_DOMAIN})`;

const QUOTED = String.raw`"(?:[^"\\]++|\\.)*+"`;

/** The characters of a display name that need no quotes. */
const WORD = String.raw`[^"\\<>()\[\]:;@,]`;

/** An encoded word (RFC 2047): within quotes it would not be decoded. */
const IS_ENCODED = String.raw`(?=.*=\?)`;
const IS_PLAIN = String.raw`(?!.*=\?)`;

/**
 * The rows of a table for smtp_header_checks.
 * @param address what mail leaves as
 * @param former what another server's table made of From before: its display name holds the original
 */
export function fromHeaderRows(address: string, former: readonly string[]): Rows {
  const own = literalPattern(address);
  const to = (displayName: string): string => `REPLACE From: ${displayName} <${literal(address)}>`;
  const row = (rest: string, result: string) =>
    [String.raw`^From[ \t]*:\s*${rest}`, result] as const;
  return [
    row(`(?:(?:${WORD}|${QUOTED})*<${own}>|${own})\\s*$`, 'DUNNO'),
    ...former.map((one) =>
      row(`(?=[^\\s<])((?:${WORD}|${QUOTED})+?)\\s*<${literalPattern(one)}>\\s*$`, to('$1')),
    ),
    row(`<?${MARKED_ADDRESS}>?\\s*$`, to('"$1$2"')),
    row(`"?([^"\\\\<>]*[^"\\\\<>\\s])"?\\s*<${MARKED_ADDRESS}>\\s*$`, to('"$1 ($2$3)"')),
    row(`(?:""\\s*)?<?(${ADDRESS})>?\\s*$`, to('"$1"')),
    row(`"?(${ADDRESS})"?\\s*<\\1>\\s*$`, to('"$1"')),
    row(`"((?:[^"\\\\]++|\\\\.)++)"\\s*<(${ADDRESS})>\\s*$`, to('"$1 ($2)"')),
    row(`${IS_ENCODED}(${WORD}+?)\\s*<(${ADDRESS})>\\s*$`, to('$1 "$2"')),
    row(`${IS_PLAIN}([^"\\\\<>]*[^"\\\\<>\\s])\\s*<(${ADDRESS})>\\s*$`, to('"$1 ($2)"')),
    row(`((?:${WORD}|${QUOTED})+?)\\s*<(${ADDRESS})>\\s*$`, to('$1 "$2"')),
    row(`${IS_PLAIN}<?(${ADDRESS})>?\\s*\\(([^"\\\\()]+)\\)\\s*$`, to('"$2 ($1)"')),
    row(`(${ADDRESS})\\s*\\((${WORD}+)\\)\\s*$`, to('$2 "$1"')),
    row(`${IS_PLAIN}([^"\\\\<>]*[^"\\\\<>\\s])\\s*$`, to('"$1"')),
    row(`.{0,998}?(${ADDRESS})`, to('"$1 and others"')),
    row('', `REPLACE From: <${literal(address)}>`),
    ...replyToRows(own),
  ];
}

const AFTER_DOMAIN = String.raw`(?:[\s<>,;()"]|$)`;

/** An address that cannot be answered: no dot in its domain, a name at home, a bare number. */
const UNANSWERABLE = String.raw`@(?:\[|[^\s<>,;()".]*${AFTER_DOMAIN}|[^\s<>,;()"]*\.(?:${AT_HOME.join('|')})\.?${AFTER_DOMAIN})`;

const NOTE = String.raw`^${REPLY_TO_NOTE}[ \t]*:`;

const replyToRows = (own: string): Rows => [
  [`${NOTE}.*${UNANSWERABLE}`, 'IGNORE'],
  [`${NOTE}[^@]*?(?<=[\\s<])${own}[^@]*$`, 'IGNORE'],
  [`${NOTE}\\s*(.*@.*)$`, 'REPLACE Reply-To: $1'],
  [NOTE, 'IGNORE'],
];

/** The rows where mail leaves as whatever it is from. */
export const KEPT_FROM_ROWS: Rows = [[NOTE, 'IGNORE']];
