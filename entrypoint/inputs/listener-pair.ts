import type { HashedPassword, ListenerPair } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { crypto } from './crypto.ts';
import { pairFault } from './key-pairs.ts';
import { readNamedBytes } from './secret-files.ts';

/** The time of the warning before a certificate ends; renewal every few weeks is usual. */
const SOON_MS = 14 * 86_400_000;

/** The certificate and the key that `submission` names, or what is wrong with them. */
export function readListenerPair(given: Given): ListenerPair | undefined {
  const [certificate, key] = ['certificate_file', 'key_file'].map((name) =>
    given.values.get(`submission.${name}`),
  );
  if (certificate?.shape !== 'one' || key?.shape !== 'one') return undefined;
  const found = pairFault(certificate.text, key.text);
  if (found?.fault.isFatal === true) return { of: found.of, ...found.fault };
  const [chain, secret] = [certificate, key].map(({ where, text }) => readNamedBytes(where, text));
  if (chain === undefined || secret === undefined) return undefined;
  if ('problem' in chain || 'problem' in secret) return undefined;
  const { validToDate, validTo } = new (crypto().X509Certificate)(chain.bytes);
  const left = validToDate.getTime() - Date.now();
  return {
    // The key comes first (smtpd_tls_chain_files in postconf(5)).
    pem: `${secret.bytes.toString('latin1').trimEnd()}\n${chain.bytes.toString('latin1').trimEnd()}\n`,
    ends: left < SOON_MS ? validTo : undefined,
    isPast: left < 0,
  };
}

/**
 * The stored hash of a password: scrypt (RFC 7914), as in helpers/login.c. The salt comes from the
 * name, so the same settings give the same file, and each login has its own salt.
 */
export function hashPassword(username: string, password: string): HashedPassword {
  const { createHash, scryptSync } = crypto();
  const salt = createHash('sha256').update(`hikyaku login ${username}`).digest().subarray(0, 16);
  const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return { salt: salt.toString('hex'), key: key.toString('hex') };
}
