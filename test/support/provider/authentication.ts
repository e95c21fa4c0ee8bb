import type { SMTPServerAuthentication } from 'smtp-server';
import type { LoginFacts } from './api.ts';

/**
 * Checks a login against the table of users. For XOAUTH2 the access token is compared with the
 * password; CRAM-MD5 proves that the client knows it.
 */
export function checkLogin(
  auth: SMTPServerAuthentication,
  users: ReadonlyMap<string, string>,
  tls: boolean,
): LoginFacts {
  const username = auth.username ?? '';
  const known = users.get(username);
  const given = auth.password ?? auth.accessToken ?? null;
  const ok =
    known !== undefined &&
    (auth.method === 'CRAM-MD5' ? auth.validatePassword(known) : given === known);
  return { mechanism: auth.method, username, password: given, ok, tls };
}
