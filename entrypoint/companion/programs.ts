import { signerConfiguration } from '../render/signing.ts';
import type { KeyAlgorithm, Settings } from '../settings/settings.ts';

/** A program that runs beside Postfix. */
export interface Program {
  /** What `health` and `status` call it. */
  readonly name: string;
  /** The program's path and its words; it stays in the foreground. */
  readonly command: readonly string[];
}

/** The programs that the settings ask for; usually none. */
export const programsOf = ({ signing }: Settings): readonly Program[] =>
  (signing?.keys ?? []).map(({ algorithm }) => signer(algorithm));

/** It gives up root's rights by itself (UserID in opendkim.conf(5)). */
const signer = (algorithm: KeyAlgorithm): Program => ({
  name: `signer-${algorithm}`,
  command: ['/usr/sbin/opendkim', '-f', '-x', signerConfiguration(algorithm)],
});
