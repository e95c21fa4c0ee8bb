import { SettingsError } from '../errors.ts';
import { collect } from '../inputs/collect.ts';
import type { Environment } from '../inputs/environment.ts';
import { readFacts } from '../inputs/facts.ts';
import type { Problem } from '../settings/problem.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings.ts';

export interface Loaded {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
}

/**
 * Reads the settings of this container.
 * @throws SettingsError with every problem, when there is an error among them
 */
export function loadSettings(environment: Environment): Loaded {
  const given = collect(environment);
  const reading = readSettings(given, readFacts(given));
  if (!reading.ok) throw new SettingsError(reading.problems);
  return { settings: reading.settings, warnings: reading.warnings };
}
