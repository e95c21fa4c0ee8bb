/** The keys of the signer (opendkim): made if missing, kept, and given only to it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isSystemError, UserError } from '../cli/errors.ts';
import { ALGORITHMS, keyCopy, SIGNER_DIRECTORY, socketOf } from '../render/signing.ts';
import type { KeyAlgorithm, Signing } from '../settings/settings.ts';
import { writeDurably } from './durable.ts';
import { madeAs } from './made-as.ts';

/** The directory of the relay's own keys: a volume. */
export const KEY_STORE = '/var/lib/hikyaku/dkim';

/** The file of a key of the relay's own. */
export const storedKey = (domain: string, selector: string): string =>
  `${KEY_STORE}/${selector}._domainkey.${domain}.pem`;

/**
 * Makes the keys that are missing, and puts copies where the signer finds them: it runs without
 * root's rights and reads no file of root's. A signer that runs keeps its socket.
 * @throws UserError when no key can be kept
 */
export function prepareSigner(signing: Signing | undefined): void {
  if (signing === undefined) {
    madeAs('opendkim', 'postfix', () => removeOthers([]));
    return;
  }
  const copies = signing.domains.flatMap((domain) =>
    signing.keys.map(({ selector, algorithm }) => ({
      path: keyCopy(domain, selector),
      pem: readFileSync(signing.keyFile ?? ownKey(domain, selector, algorithm), 'utf8'),
    })),
  );
  // The group is Postfix's, which connects to the socket in there.
  madeAs('opendkim', 'postfix', () => {
    mkdirSync(SIGNER_DIRECTORY, { mode: 0o750, recursive: true });
    for (const { path, pem } of copies) {
      writeDurably(path, pem);
    }
    removeOthers(copies.map(({ path }) => path));
  });
}

/** Longer than a signer takes to begin on a slow machine; then Postfix begins without it. */
const BEGINS_MS = 5_000;

/** A container that is started again has the sockets of its former signers. */
export function removeSockets(): void {
  for (const algorithm of ALGORITHMS) rmSync(socketOf(algorithm), { force: true });
}

/** Waits for the signers: the first mails would otherwise be put off for minutes. */
export async function signersListen(signing: Signing | undefined): Promise<void> {
  const sockets = (signing?.keys ?? []).map(({ algorithm }) => socketOf(algorithm));
  const end = performance.now() + BEGINS_MS;
  while (!sockets.every((path) => existsSync(path)) && performance.now() < end) await pause(20);
}

/** Removes the copies of keys that are no longer in use. */
function removeOthers(kept: readonly string[]): void {
  if (!existsSync(SIGNER_DIRECTORY)) return;
  for (const name of readdirSync(SIGNER_DIRECTORY)) {
    const path = `${SIGNER_DIRECTORY}/${name}`;
    if (/\.pem(\.new)?$/.test(name) && !kept.includes(path)) rmSync(path);
  }
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
