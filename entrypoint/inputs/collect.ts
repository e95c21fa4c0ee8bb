import type { Environment } from '../cli/verb.ts';
import type { Given } from '../settings/naming/given.ts';
import { merge, type RelaySource, relaySource } from './merge.ts';
import { readRelayFile } from './relay-file.ts';

/** The settings from the YAML. */
export const readSource = (source: RelaySource): Given =>
  'given' in source ? source.given : readRelayFile(source.name, source.text);

/**
 * Everything that was given, the YAML read too.
 * @param file where the YAML is when no variable says otherwise
 */
export const collect = (environment: Environment, file?: string): Given =>
  merge(environment, readSource(relaySource(environment, file)));
