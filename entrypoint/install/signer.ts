/** The keys of the signer (opendkim): made when there are none, kept, and given to it alone. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isSystemError, UserError } from '../cli/errors.ts';
import { keyCopy, SIGNER_DIRECTORY } from '../render/signing.ts';
import type { KeyAlgorithm, Signing } from '../settings/settings.ts';
import { madeAs, writeDurably } from './durable.ts';

/** Where keys of the relay's own are kept: a volume. */
export const KEY_STORE = '/var/lib/hikyaku/dkim';

/** The file of a key of the relay's own. */
export const storedKey = (domain: string, selector: string): string =>
  `${KEY_STORE}/${selector}._domainkey.${domain}.pem`;

/**
 * Makes the keys that are missing, and puts copies where the signer finds them: it runs without
 * root's rights and reads no file of root's.
 * @throws UserError when no key can be kept
 */
export function prepareSigner(signing: Signing | undefined): void {
  if (signing === undefined) return;
  const copies = signing.domains.flatMap((domain) =>
    signing.keys.map(({ selector, algorithm }) => ({
      path: keyCopy(domain, selector),
      pem: readFileSync(signing.keyFile ?? ownKey(domain, selector, algorithm)),
    })),
  );
  // The group is Postfix's, which connects to the socket in there.
  madeAs('opendkim', 'postfix', () => {
    rmSync(SIGNER_DIRECTORY, { recursive: true, force: true });
    mkdirSync(SIGNER_DIRECTORY, { mode: 0o750 });
    for (const { path, pem } of copies) writeFileSync(path, pem, { mode: 0o600 });
  });
}

/** The file of a key; made now when it is not there. */
function ownKey(domain: string, selector: string, algorithm: KeyAlgorithm): string {
  const path = storedKey(domain, selector);
  if (existsSync(path)) return path;
  try {
    mkdirSync(KEY_STORE, { recursive: true, mode: 0o700 });
    writeDurably(path, newKey(algorithm));
    return path;
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(
      `the DKIM key cannot be kept: ${path} cannot be written (${fault.code}); mount a volume at ` +
        '/var/lib/hikyaku, or give a key with RELAY_DKIM_KEY_FILE',
    );
  }
}

/** 2048 bits: what every verifier takes, and what fits into DNS (RFC 8301 section 3.2). */
function newKey(algorithm: KeyAlgorithm): string {
  const { generateKeyPairSync } = process.getBuiltinModule('node:crypto');
  const { privateKey } =
    algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
