import type { Given } from '../settings/given.ts';
import type { Environment } from './environment.ts';
import { merge, type ReadSecret, relaySource } from './merge.ts';
import { readRelayFile } from './relay-file.ts';

/**
 * Everything that was given, the YAML read too.
 * @param readSecret how the secrets' files are read: outside the container they may not be there
 */
export function collect(
  environment: Environment,
  defaultFile?: string,
  readSecret?: ReadSecret,
): Given {
  const source = relaySource(environment, defaultFile);
  const fromFile = 'given' in source ? source.given : readRelayFile(source.name, source.text);
  return merge(environment, fromFile, readSecret);
}
