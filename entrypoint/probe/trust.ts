import { readdirSync, readFileSync } from 'node:fs';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from 'node:tls';
import type { Settings } from '../settings/settings.ts';
import type { Server } from './servers.ts';

/** The CAs that Postfix trusts: smtp_tls_CApath. */
const CA_PATH = '/etc/ssl/certs';

/** OpenSSL finds a CA in a directory only by the hash of its name (openssl-rehash(1)). */
const HASHED = /^[0-9a-f]{8}\.\d+$/;

/** The certificates of the CAs that Postfix trusts by default. */
export const wellKnownCas = (): readonly string[] =>
  readdirSync(CA_PATH)
    .filter((name) => HASHED.test(name))
    .map((name) => readFileSync(`${CA_PATH}/${name}`, 'utf8'));

/** Makes the secure contexts of the servers: the same CAs and versions as Postfix allows. */
export function trustOf(
  { certificates }: Pick<Settings, 'certificates'>,
  wellKnown: readonly string[],
): (server: Pick<Server, 'caFile' | 'tls'>) => SecureContext {
  const made = new Map<string, SecureContext>();
  return ({ caFile, tls }) => {
    const mandatory = tls !== 'opportunistic';
    const key = `${caFile} ${mandatory}`;
    const own = certificates.find(({ path }) => path === caFile)?.pem;
    const context =
      made.get(key) ??
      createSecureContext({
        ca: [...wellKnown, ...(own === undefined ? [] : [own])],
        // smtp_tls_mandatory_protocols as rendered, smtp_tls_protocols by default.
        minVersion: mandatory ? 'TLSv1.2' : 'TLSv1',
        // Postfix asks for less than OpenSSL's default (tls_client_start in its source).
        ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=${mandatory ? 1 : 0}`,
      });
    made.set(key, context);
    return context;
  };
}
