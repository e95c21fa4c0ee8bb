import type { Environment } from '../cli/verb.ts';
import type { Given } from '../settings/naming/given.ts';
import { DEFAULT_FILE } from './merge.ts';

/** Every file that the settings come from or name: the file itself, secrets, certificates, keys. */
export function namedFiles(given: Given, environment: Environment): readonly string[] {
  const named = [...given.values].flatMap(([path, value]) =>
    path.endsWith('_file') && value.shape === 'one' ? [value.text] : [],
  );
  const secrets = [...given.secretFiles.values()].map(({ file }) => file);
  return [...new Set([environment['RELAY_CONFIG_FILE'] ?? DEFAULT_FILE, ...secrets, ...named])];
}
