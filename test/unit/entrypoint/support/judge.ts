import type { Environment } from '../../../../entrypoint/cli/verb.ts';
import { collect } from '../../../../entrypoint/inputs/collect.ts';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { type Problem, problemLine } from '../../../../entrypoint/messages/problem.ts';
import type { Facts } from '../../../../entrypoint/settings/facts.ts';
import type { Given } from '../../../../entrypoint/settings/naming/given.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import type { Settings } from '../../../../entrypoint/settings/settings.ts';
import { facts } from './facts.ts';
import { verdict } from './verdict.ts';

/** What a YAML text, or an environment, gives. */
export const givenBy = (source: string | Environment): Given =>
  typeof source === 'string'
    ? readRelayFile('relay.yaml', source)
    : collect(source, '/nowhere/relay.yaml');

const readingOf = (source: string | Environment, changes: Partial<Facts>) =>
  readSettings(givenBy(source), facts({ hostname: 'relay.home.example', ...changes }));

/** Every problem, without its words. */
export const problemsOf = (
  source: string | Environment,
  changes: Partial<Facts> = {},
): readonly string[] => foundIn(source, changes).map(verdict);

/** Every problem, as the user reads it. */
export const linesOf = (
  source: string | Environment,
  changes: Partial<Facts> = {},
): readonly string[] => foundIn(source, changes).map(problemLine);

function foundIn(source: string | Environment, changes: Partial<Facts>): readonly Problem[] {
  const reading = readingOf(source, changes);
  return reading.ok ? reading.warnings : reading.problems;
}

/** The settings of a source that is known to be good. */
export function settingsBy(source: string | Environment, changes: Partial<Facts> = {}): Settings {
  const reading = readingOf(source, changes);
  if (reading.ok) return reading.settings;
  throw new Error(reading.problems.map(problemLine).join('\n'));
}
