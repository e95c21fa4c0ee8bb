import type { Given } from '../settings/given.ts';
import type { Environment } from './environment.ts';
import { merge, type ReadSecret, type RelaySource, relaySource } from './merge.ts';
import { readRelayFile } from './relay-file.ts';

/**
 * Everything that was given, the YAML read too.
 * @param from the YAML, or where its file is when no variable says otherwise
 * @param readSecret how the secrets' files are read: outside the container they may not be there
 */
export function collect(
  environment: Environment,
  from?: string | RelaySource,
  readSecret?: ReadSecret,
): Given {
  const source = typeof from === 'object' ? from : relaySource(environment, from);
  const fromFile = 'given' in source ? source.given : readRelayFile(source.name, source.text);
  return merge(environment, fromFile, readSecret);
}
