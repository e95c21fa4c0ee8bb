import type { Certificates, Settings } from '../settings/settings.ts';
import { CONFIG_DIRECTORY, configFile, type RenderedFile } from './file.ts';

const fileName = (index: number): string => `ca${index + 1}.pem`;

/**
 * Copies of the CA files. Postfix's tlsproxy reads them without root's rights, which the file that
 * was mounted may not allow; the copies can be read by all, and hold only certificates.
 */
export const certificateFiles = ({ certificates }: Settings): readonly RenderedFile[] =>
  certificates.map(({ pem }, index) => configFile(fileName(index), pem));

/** The path of a copied CA file for main.cf; empty without a CA file. */
export function certificateReference(
  certificates: readonly Certificates[],
  path: string | undefined,
): string {
  const index = certificates.findIndex((one) => one.path === path);
  return index < 0 ? '' : `${CONFIG_DIRECTORY}/${fileName(index)}`;
}
