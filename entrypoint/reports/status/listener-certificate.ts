import { existsSync, readFileSync } from 'node:fs';
import { CONFIG_DIRECTORY } from '../../render/file.ts';
import { GIVEN_CERTIFICATE, OWN_CERTIFICATE } from '../../render/submission.ts';
import type { Settings } from '../../settings/settings.ts';

/** The certificate that clients see: they may be set up to know it by its fingerprint. */
export interface ShownCertificate {
  readonly own: boolean;
  /** SHA-256, as openssl and mail programs show it: `AB:CD:…`. */
  readonly fingerprint: string;
  readonly validTo: string;
}

/** Reads the certificate in force; null without TLS for clients or without a certificate. */
export function shownCertificate(settings: Settings | undefined): ShownCertificate | null {
  const kind = settings?.submission.certificate?.kind;
  const file = kind === 'own' ? OWN_CERTIFICATE : `${CONFIG_DIRECTORY}/${GIVEN_CERTIFICATE}`;
  if (kind === undefined || !existsSync(file)) return null;
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const { fingerprint256, validTo } = new X509Certificate(readFileSync(file));
  return { own: kind === 'own', fingerprint: fingerprint256, validTo };
}
