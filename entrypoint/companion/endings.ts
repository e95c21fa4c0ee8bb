/** The current ends: those in the settings, the relay's own certificate, and tokens. */
import { existsSync, readFileSync } from 'node:fs';
import { isSystemError } from '../cli/errors.ts';
import { writeDurably } from '../install/durable.ts';
import type { EndingSources } from '../render/ending-sources.ts';
import { CONFIG_DIRECTORY, PUBLIC } from '../render/file.ts';
import { OWN_CERTIFICATE } from '../render/submission.ts';
import type { Ending } from '../settings/ending.ts';

/** When grants and access tokens end; all may read it, for no secret is in it. */
export const TOKEN_ENDINGS = 'token_endings';

/** The ends of tokens and grants. */
export function writeTokenEndings(endings: readonly Ending[]): void {
  const path = `${CONFIG_DIRECTORY}/${TOKEN_ENDINGS}`;
  writeDurably(path, `${JSON.stringify(endings)}\n`, PUBLIC);
}

/** Empty before the keeper of tokens has run. */
function tokenEndings(): readonly Ending[] {
  try {
    return JSON.parse(readFileSync(`${CONFIG_DIRECTORY}/${TOKEN_ENDINGS}`, 'utf8'));
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ENOENT') return [];
    throw fault;
  }
}

/** The relay's own certificate, which only root may read: its key is in the same file. */
function ownEnding(): readonly Ending[] {
  if (!existsSync(OWN_CERTIFICATE)) return [];
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const { validToDate } = new X509Certificate(readFileSync(OWN_CERTIFICATE));
  const at = Math.floor(validToDate.getTime() / 1000);
  return [{ what: 'own-certificate', name: OWN_CERTIFICATE, setting: 'submission', at }];
}

/**
 * Looks at what ends; as root.
 * @returns asks what ends now: tokens have other ends from one hour to the next
 */
export function endingsOf(sources: EndingSources): () => readonly Ending[] {
  const fixed = [...sources.given, ...(sources.hasOwnCertificate ? ownEnding() : [])];
  return () => [...fixed, ...(sources.hasTokens ? tokenEndings() : [])];
}
