import { SettingsError } from '../cli/errors.ts';
import type { Environment } from '../cli/verb.ts';
import { withTokensInForce } from '../companion/begin.ts';
import { readFacts } from '../inputs/gather-facts.ts';
import { merge, type RelaySource, relaySource } from '../inputs/merge.ts';
import { namedFiles } from '../inputs/named-files.ts';
import type { Problem } from '../messages/problem.ts';
import type { Given } from '../settings/naming/given.ts';
import { type Names, namesOf } from '../settings/naming/sentence.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';

/** Settings that can be used, and what is doubtful about them. */
export interface Loaded {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  /** The names of the settings that the user knows. */
  readonly names: Names;
  /** The files that the settings come from or name. */
  readonly files: readonly string[];
}

/**
 * Reads the settings of this container.
 * @throws SettingsError with every problem, when there is an error among them
 */
export const loadSettings = async (environment: Environment): Promise<Loaded> =>
  judge(await loadGiven(environment), environment);

/** Everything that this container was given, not judged yet. */
export const loadGiven = async (environment: Environment): Promise<Given> =>
  merge(environment, await parsed(relaySource(environment)));

/** Judges what was given. @throws SettingsError as `loadSettings` does */
export function judge(given: Given, environment: Environment): Loaded {
  const reading = readSettings(given, readFacts(given, environment));
  if (!reading.ok) throw new SettingsError(reading.problems);
  const { warnings } = reading;
  const settings = withTokensInForce(reading.settings);
  const files = namedFiles(given, environment);
  return { settings, warnings, names: namesOf(given), files };
}

/** The environment with the file that stands on the command line in place of the usual one. */
export const withFile = ({
  environment,
  words: [file],
}: {
  readonly environment: Environment;
  readonly words: readonly (string | undefined)[];
}): Environment => (file === undefined ? environment : { ...environment, RELAY_CONFIG_FILE: file });

/** The YAML parser takes a tenth of a start to load; a relay with only variables does without. */
async function parsed(source: RelaySource): Promise<Given> {
  if ('given' in source) return source.given;
  const { readRelayFile } = await import('../inputs/relay-file.ts');
  return readRelayFile(source.name, source.text);
}
