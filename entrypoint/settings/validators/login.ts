import { isNearMiss } from '../../messages/may-be-shown.ts';
import { invisibleIn, isInOtherLetters } from '../../messages/plain-letters.ts';
import { MECHANISMS } from '../../postfix/mechanisms.ts';
import { FILL_IN, Invalid, isUnfilled, notA, type TooLong, validator } from './invalid.ts';

/** Texts that people write in place of a login; never shown, since they may hold the password. */
const NO_LOGINS: readonly (readonly [is: RegExp, wrong: string, right: string])[] = [
  [
    /^["'\u2018-\u201f].*["'\u2018-\u201f]$/,
    'stands in quotes, which would be part of it',
    'remove the quotes',
  ],
  [/^\//, 'is the path of a file, not a login', 'give the login itself; it is not a secret'],
  [/<[^<>]*@[^<>]*>/, 'is a name with an address behind it', 'give only the login'],
  [/\s#/, 'has a comment behind it', 'put the comment on a line of its own'],
  [/^[A-Z][A-Z0-9_]+=/, 'begins with the name of a variable', 'give what stands behind the "="'],
  [/^(null|none|nil|undefined)$/i, 'is a word for nothing', 'leave the login and its password out'],
];

/** Refuses what is no login, although Postfix would send it as one. */
function refuseNoLogin(text: string): void {
  const [, wrong, right] = NO_LOGINS.find(([is]) => is.test(text)) ?? [];
  if (wrong !== undefined && right !== undefined) throw new Invalid(wrong, right);
  if (isUnfilled(text)) throw new Invalid('is a placeholder', FILL_IN);
  const invisible = invisibleIn(text);
  if (invisible !== undefined) {
    throw new Invalid(`contains an invisible character (${invisible})`, 'type it anew');
  }
  if (isInOtherLetters(text)) {
    throw new Invalid('has full-width characters in it', 'write it in plain letters');
  }
}

/** The login at the provider. Postfix ends it at the first ":" of `username:password`. */
export const username = validator<string>((text) => {
  if (text.includes(':')) {
    throw new Invalid(
      'has a ":" in it, which ends a login for Postfix (not shown: it may hold the password)',
      'give only the login, and the password in its own setting',
    );
  }
  if (text !== text.trim()) {
    throw new Invalid('begins or ends with a blank', 'remove the blank');
  }
  refuseNoLogin(text);
  return text;
});

/** The name with which a client logs in here: lists of names separate them by commas and blanks. */
export const loginName = validator<string>((text) => {
  refuseNoLogin(text);
  if (/^[!-+\--9;-~]{1,128}$/.test(text)) return text;
  throw notA(text, 'a login name', 'use letters, digits and signs, without ":", "," or a blank');
});

/** Texts in place of a password that are certainly not one. */
const NO_PASSWORDS: readonly (readonly [is: RegExp, wrong: string, right: string])[] = [
  [
    /^(file:\/\/)?\/(run|var\/run)\/secrets\//,
    'is the path of a file, not the password',
    'give the path as password_file in YAML, or in the variable that ends in _FILE',
  ],
  [
    /^\[?[\w.-]+\]?:\d+\s+\S+:\S/,
    "is a line of Postfix's sasl_passwd, with server and login",
    'give only the password',
  ],
  [
    /^(password:\s|[A-Z][A-Z0-9_]*PASS(WORD|WD)?=)/,
    'begins with a name, as a line in a file of settings',
    'give only the password',
  ],
];

/** No provider's password or key is longer; a login by SMTP ends at 12288 (RFC 4954 section 4). */
export const LONGEST_SECRET = 4096;

/** The probable meaning of a text that is too long for a password. */
const noSecret: TooLong = (text) => {
  const what = text.includes('-----BEGIN ')
    ? 'a certificate or a key'
    : /^\s*[\w.-]{1,60}\s{0,9}[:=]/.test(text)
      ? 'a whole file of settings'
      : 'another file';
  return [
    `is ${text.length} characters long, too long for a password: it may be ${what}`,
    `give only the password, ${LONGEST_SECRET} characters at most`,
  ];
};

/**
 * A password: every printable character is kept as it is. Blanks at its end cannot be kept, since
 * postmap drops them (measured with 3.10; postmap(1) calls it trailing white space, and means that of
 * ASCII).
 */
export const password = validator<string>(
  (text) => {
    if (text.endsWith(' ')) {
      throw new Invalid(
        'ends in a blank, which a Postfix table cannot hold',
        'remove the blank, or change the password at the provider',
      );
    }
    const [, wrong, right] = NO_PASSWORDS.find(([is]) => is.test(text)) ?? [];
    if (wrong !== undefined && right !== undefined) throw new Invalid(wrong, right);
    return text;
  },
  LONGEST_SECRET,
  noSecret,
);

/** Mechanisms that the image has not. */
const OTHERS = ['EXTERNAL', 'GSSAPI'];

/** A SASL mechanism (RFC 4422 section 3.1), in lower case as Postfix's examples have it. */
export const mechanism = validator<string>((text) => {
  const name = text.toUpperCase();
  if (name === 'ANONYMOUS') {
    throw notA(text, 'a mechanism that logs in', 'use plain, login or cram-md5');
  }
  if (!MECHANISMS.some((one) => one === name)) {
    const isLikely = isNearMiss(text, [...MECHANISMS, ...OTHERS]);
    const right = 'use plain, login or cram-md5';
    throw notA(text, 'a SASL mechanism that this image has', right, isLikely);
  }
  return name.toLowerCase();
});
