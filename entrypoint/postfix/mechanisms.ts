/**
 * The SASL mechanisms of the image (Debian's libsasl2-modules, sasl/xoauth2.c), ANONYMOUS left out, in the order in
 * which Cyrus SASL's client prefers them: by security properties, then by strength (mech_compare in
 * its lib/client.c). PLAIN and LOGIN are equals there, and so are CRAM-MD5 and NTLM.
 */
export const MECHANISMS = [
  'XOAUTH2',
  'OAUTHBEARER',
  'SCRAM-SHA-512',
  'SCRAM-SHA-384',
  'SCRAM-SHA-256',
  'SCRAM-SHA-224',
  'SCRAM-SHA-1',
  'DIGEST-MD5',
  'CRAM-MD5',
  'NTLM',
  'PLAIN',
  'LOGIN',
] as const;

export type Mechanism = (typeof MECHANISMS)[number];

/** Mechanisms that take an OAuth 2 token in place of a password (RFC 7628, and Google's). */
export const WITH_TOKEN: readonly string[] = ['XOAUTH2', 'OAUTHBEARER'];

/**
 * What takes more than a user name and a password (a ticket, a Windows domain, a token), so that a
 * login fails by it: used only when the setting says so.
 */
export const ON_REQUEST: readonly string[] = [...WITH_TOKEN, 'GSSAPI', 'GSS-SPNEGO', 'NTLM'];

/**
 * The mechanisms that both sides can use, Cyrus SASL's choice first.
 * @param offered as EHLO announces them, in capitals
 * @param allowed the setting, in any case; empty: each that takes a user name and a password
 */
export function usableMechanisms(
  offered: readonly string[],
  allowed: readonly string[],
): readonly Mechanism[] {
  const wanted = allowed.map((mechanism) => mechanism.toUpperCase());
  return MECHANISMS.filter((one) => offered.includes(one)).filter((one) =>
    wanted.length === 0 ? !ON_REQUEST.includes(one) : wanted.includes(one),
  );
}
