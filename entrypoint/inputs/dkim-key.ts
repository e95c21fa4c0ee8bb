import { quoted } from '../messages/problem.ts';
import type { DkimKey } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { crypto } from './crypto.ts';
import { readNamedBytes } from './secret-files.ts';

/** Verifiers may refuse shorter keys (RFC 8301 section 3.2). */
const LEAST_BITS = 1024;

/** The kind of the key in `dkim.key_file`. Its content and OpenSSL's errors are never shown. */
export function readDkimKey(given: Given): DkimKey | undefined {
  const named = given.values.get('dkim.key_file');
  if (named?.shape !== 'one') return undefined;
  const read = readNamedBytes(named.where, named.text);
  if ('problem' in read) return { wrong: read.problem.wrong, right: read.problem.right };
  const file = `the file ${quoted(named.text)}`;
  try {
    const key = crypto().createPrivateKey(read.bytes);
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
    if (type === 'ed25519') return { algorithm: 'ed25519' };
    if (type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_BITS) return { algorithm: 'rsa' };
  } catch {
    const right = 'give a private key in PEM form, without a password';
    return { wrong: `${file} holds no private key that can be used`, right };
  }
  const right = 'give an RSA key of 2048 bits, or an Ed25519 key';
  return { wrong: `${file} holds a key that DKIM does not know`, right };
}
