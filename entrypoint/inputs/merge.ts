import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Environment } from '../cli/verb.ts';
import { error, type Problem } from '../messages/problem.ts';
import { secretsIn } from '../settings/hiding/hide-secrets.ts';
import type { Given, GivenSecretFile, GivenValue } from '../settings/naming/given.ts';
import { readEnvironment } from './environment.ts';
import { foreignVariables } from './foreign-variables.ts';
import { readMounts, settingsFiles } from './mounts.ts';
import { type FileText, readNamedFile, readSecretFile } from './secret-files.ts';

/** How the file of a secret is read. */
export type ReadSecret = (file: GivenSecretFile) => FileText;

/** The default path of the YAML file. */
export const DEFAULT_FILE = '/etc/hikyaku/relay.yaml';

/**
 * Everything that was given: the variables, the YAML, the secrets' files. A variable wins over the
 * file, setting by setting; of `postfix` parameter by parameter.
 * @param fromFile what the YAML gives
 * @param readSecret how the secrets' files are read: outside the container they may not be there
 */
export function merge(
  environment: Environment,
  fromFile: Given,
  readSecret: ReadSecret = readSecretFile,
): Given {
  const fromVariables = readEnvironment(environment);
  const twice = [...fromFile.problems, ...fromVariables.problems];
  for (const given of [fromFile, fromVariables]) {
    for (const [path, { where }] of given.secretFiles) {
      const value = given.values.get(path);
      if (value === undefined) continue;
      twice.push(error(where, `${value.where} gives the same secret`, 'give one of the two'));
    }
  }
  const values = new Map([...fromFile.values, ...fromVariables.values]);
  const overrides = mergeTables(
    fromFile.values.get('postfix'),
    fromVariables.values.get('postfix'),
  );
  if (overrides !== undefined) values.set('postfix', overrides);
  const files = new Map(
    [...fromFile.secretFiles].filter(([path]) => !fromVariables.values.has(path)),
  );
  for (const [path, file] of fromVariables.secretFiles) files.set(path, file);
  const foreign = foreignVariables(environment, fromFile.values.size > 0);
  const meant = new Map([
    ...foreign.meant,
    ...(fromFile.meant ?? []),
    ...(fromVariables.meant ?? []),
  ]);
  const inFile = new Set(fromFile.inFile);
  for (const path of [...fromVariables.values.keys(), ...fromVariables.secretFiles.keys()]) {
    if (path !== 'postfix') inFile.delete(path);
  }
  const problems = [...twice, ...foreign.problems, ...readSecrets(files, values, readSecret)];
  const { places, isIncomplete } = fromFile;
  const otherSecrets = [...secretsIn(fromFile.values), ...secretsIn(fromVariables.values)];
  const rest = { places, problems, isIncomplete, otherSecrets, meant, inFile };
  return { values, secretFiles: files, ...rest };
}

/** Puts the secrets from files among the values; a secret file wins over a value of the YAML. */
function readSecrets(
  files: ReadonlyMap<string, GivenSecretFile>,
  values: Map<string, GivenValue>,
  readSecret: ReadSecret,
): readonly Problem[] {
  return [...files].flatMap(([path, file]) => {
    values.delete(path);
    const read = readSecret(file);
    if ('problem' in read) return [read.problem];
    values.set(path, { shape: 'one', where: file.where, text: read.text });
    return [];
  });
}

function mergeTables(
  below: GivenValue | undefined,
  above: GivenValue | undefined,
): GivenValue | undefined {
  if (below?.shape !== 'table' || above?.shape !== 'table') return above ?? below;
  const names = new Set(above.rows.map(({ from }) => from.text));
  const kept = below.rows.filter(({ from }) => !names.has(from.text));
  return { ...above, rows: [...kept, ...above.rows] };
}

const NOTHING: Given = {
  values: new Map(),
  secretFiles: new Map(),
  places: new Map(),
  problems: [],
  isIncomplete: false,
};

const unread = (problem: Problem): Given => ({
  ...NOTHING,
  problems: [problem],
  isIncomplete: true,
});

/** A YAML text that is still to be read, or what there is without one. */
export type RelaySource =
  | { readonly name: string; readonly text: string }
  | { readonly given: Given };

/** The YAML in RELAY_CONFIG, or what people put there instead. */
function textInVariable(text: string): RelaySource {
  const say = (wrong: string, right: string): RelaySource => ({
    given: unread(error('RELAY_CONFIG', wrong, right)),
  });
  if (/^\/\S+$/.test(text)) {
    return say('is the path of a file, not the YAML itself', 'give it as RELAY_CONFIG_FILE');
  }
  if (/^[^\n]*:\s*\\n/.test(text)) {
    return say('has "\\n" written out between its lines', 'give it with real line breaks');
  }
  return { name: 'RELAY_CONFIG', text };
}

/** Files that look like settings, if the expected file is missing. */
function strayFiles(): readonly string[] {
  const folder = dirname(DEFAULT_FILE);
  const beside = existsSync(folder) ? readdirSync(folder) : [];
  return [
    ...beside.filter((name) => LIKE_SETTINGS.test(name)).map((name) => `${folder}/${name}`),
    ...settingsFiles(readMounts()).filter((file) => file !== DEFAULT_FILE),
  ];
}

const LIKE_SETTINGS = /^(relay|hikyaku|config|settings)(\.|$)|\.ya?ml(\.|$)/i;

/** Passed over, it would leave a relay without its provider. */
const isNotRead = (file: string): Problem =>
  error(file, 'is not read', `mount it at ${DEFAULT_FILE}, or name it in RELAY_CONFIG_FILE`);

/** The source of the YAML: RELAY_CONFIG, the given file, or none. */
export function relaySource(environment: Environment, defaultFile = DEFAULT_FILE): RelaySource {
  const text = environment['RELAY_CONFIG'] ?? '';
  const named = environment['RELAY_CONFIG_FILE'] ?? '';
  if (text !== '' && named !== '') {
    const wrong = 'RELAY_CONFIG gives the settings too';
    return { given: unread(error('RELAY_CONFIG_FILE', wrong, 'give one of the two')) };
  }
  if (text !== '') return textInVariable(text);
  if (named === '' && !existsSync(defaultFile)) {
    const [stray] = defaultFile === DEFAULT_FILE ? strayFiles() : [];
    return { given: stray === undefined ? NOTHING : unread(isNotRead(stray)) };
  }
  const file = named === '' ? defaultFile : named;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const read = readNamedFile(named === '' ? name : 'RELAY_CONFIG_FILE', file);
  return 'problem' in read ? { given: unread(read.problem) } : { name, text: read.text };
}
