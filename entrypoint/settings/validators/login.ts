import { makeExactValidator } from 'envalid';
import { isNearMiss } from '../near-miss.ts';
import { Invalid, notA, refuseControlCharacters } from './invalid.ts';

/** The login at the provider. Postfix ends it at the first ":" of `username:password`. */
export const username = makeExactValidator<string>((text) => {
  refuseControlCharacters(text);
  if (text.includes(':')) {
    throw new Invalid(
      'has a ":" in it, which ends a login for Postfix (not shown: it may hold the password)',
      'give the login alone, and the password in its own setting',
    );
  }
  if (text !== text.trim()) {
    throw new Invalid('starts or ends with a blank', 'take the blank away');
  }
  return text;
});

/**
 * A password: every printable character is kept as it is. Blanks at its end cannot be kept, since
 * postmap drops them (measured with 3.10; postmap(1) calls it trailing white space, and means that of
 * ASCII).
 */
export const password = makeExactValidator<string>((text) => {
  refuseControlCharacters(text);
  if (text.endsWith(' ')) {
    throw new Invalid(
      'ends in a blank, which a Postfix table cannot hold',
      'take the blank away, or change the password at the provider',
    );
  }
  return text;
});

/** The mechanisms that the image has (Debian's libsasl2-modules) and that log in. */
const MECHANISMS: readonly string[] = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'NTLM',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'SCRAM-SHA-384',
  'SCRAM-SHA-512',
];

/** Mechanisms that the image has not. */
const OTHERS = ['EXTERNAL', 'GSSAPI', 'OAUTHBEARER', 'XOAUTH2'];

/** A SASL mechanism (RFC 4422 section 3.1), in lower case as Postfix's examples have it. */
export const mechanism = makeExactValidator<string>((text) => {
  refuseControlCharacters(text);
  const name = text.toUpperCase();
  if (name === 'ANONYMOUS') {
    throw notA(text, 'a mechanism that logs in', 'use plain, login or cram-md5');
  }
  if (!MECHANISMS.includes(name)) {
    const isLikely = isNearMiss(text, [...MECHANISMS, ...OTHERS]);
    const right = 'use plain, login or cram-md5';
    throw notA(text, 'a SASL mechanism that this image has', right, isLikely);
  }
  return name.toLowerCase();
});
