import { existsSync } from 'node:fs';
import path from 'node:path';
import { SettingsError, UserError } from '../entrypoint/cli/errors.ts';
import type { Environment } from '../entrypoint/cli/verb.ts';
import { readSource } from '../entrypoint/inputs/collect.ts';
import { readCaFile } from '../entrypoint/inputs/gather-facts.ts';
import { merge, type RelaySource, relaySource } from '../entrypoint/inputs/merge.ts';
import { readNamedFile, readSecretFile } from '../entrypoint/inputs/secret-files.ts';
import { error, type Problem, quoted } from '../entrypoint/messages/problem.ts';
import type { CaFile, Facts } from '../entrypoint/settings/facts.ts';
import { MASK } from '../entrypoint/settings/hiding/mask.ts';
import type { Given } from '../entrypoint/settings/naming/given.ts';
import { readSettings } from '../entrypoint/settings/read-settings.ts';
import type { Settings } from '../entrypoint/settings/settings.ts';
import { secretsInFile } from './appliance/baked-settings.ts';
import { type NamedFiles, namedFiles } from './named-files.ts';
import { placesOf } from './running/files-on-host.ts';

/** Settings as far as they can be judged outside the container. */
export interface HostSettings {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  /** The secrets in the file itself. Such a file can be mounted, but not baked. */
  readonly secretsInFile: readonly Problem[];
  /** Facts that only the container knows, a sentence each. */
  readonly unknown: readonly string[];
  /** The text of the file; empty without a file. */
  readonly text: string;
  /** The files that it names. */
  readonly files: NamedFiles;
}

/** A placeholder for the container's own name, which is known only at its start. */
const NO_NAME = 'container.example';

/**
 * Reads settings without a container and without Postfix. It never takes facts of this machine for
 * the container's, but lists the unknown ones.
 * @param file the YAML file; its absence is an error when `isWanted`
 * @param hostname the name that the container will have, as far as it is known
 * @throws SettingsError with every problem, UserError when the file is not there
 */
export function hostSettings(
  environment: Environment,
  file: string,
  isWanted: boolean,
  hostname = NO_NAME,
): HostSettings {
  const source = isWanted
    ? namedSource(environment, file)
    : relaySource(environment, path.resolve(file));
  const fromFile = readSource(source);
  const missing: string[] = [];
  const named = namedFiles(fromFile).ofSettings;
  const given = merge(environment, fromFile, (secret) => {
    const place = placeOf(file, [...named, secret.file], secret.file);
    if (place !== undefined) return readSecretFile({ ...secret, file: place });
    missing.push(secret.file);
    return { text: MASK };
  });
  const facts = { ...hostFacts(given, (ca) => placeOf(file, named, ca), missing), hostname };
  const reading = readSettings(given, facts);
  if (!reading.ok) throw new SettingsError(reading.problems);
  const unknown = unknownThings(given, reading.settings, missing);
  const { settings, warnings } = reading;
  const isFile = 'text' in source && source.name !== 'RELAY_CONFIG';
  return {
    settings,
    warnings,
    secretsInFile: isFile ? secretsInFile(fromFile) : [],
    unknown,
    text: isFile ? source.text : '',
    files: namedFiles(fromFile),
  };
}

/** The file on the command line. Its faults concern this machine, not a mount. */
function namedSource(environment: Environment, file: string): RelaySource {
  if ((environment['RELAY_CONFIG'] ?? '') !== '') {
    const wrong = `gives the settings, and so does ${quoted(file)}`;
    throw new SettingsError([error('RELAY_CONFIG', wrong, 'give one of the two')]);
  }
  const read = readNamedFile(file, path.resolve(file));
  if ('text' in read) return { name: path.basename(file), text: read.text };
  throw new UserError(
    `${read.problem.wrong}: give the path of a relay.yaml on this machine that you may read`,
  );
}

/** The place of a file in the settings; a relative path is judged unchanged. */
function placeOf(relayFile: string, named: readonly string[], file: string): string | undefined {
  if (!file.startsWith('/')) return file;
  return placesOf(relayFile, [...named, file])
    .get(file)
    ?.find((place) => existsSync(place));
}

/** Only facts about files in the settings: authorities, if they are on this machine too. */
function hostFacts(
  given: Given,
  find: (file: string) => string | undefined,
  missing: string[],
): Omit<Facts, 'hostname'> {
  const caFiles: [string, CaFile][] = [];
  for (const [path, value] of given.values) {
    if (!path.endsWith('.ca_file') || value.shape !== 'one') continue;
    const place = find(value.text);
    if (place === undefined) missing.push(value.text);
    else caFiles.push([value.text, readCaFile(value.where, place)]);
  }
  return {
    interfaces: [],
    gateways: [],
    parameterNames: undefined,
    tableTypes: undefined,
    caFiles: new Map(caFiles),
  };
}

function unknownThings(given: Given, settings: Settings, missing: readonly string[]): string[] {
  const networks = given.values.get('networks');
  const texts = networks?.shape === 'list' ? networks.items.map(({ text }) => text) : ['attached'];
  const word = texts.find((text) => /^(attached|host)$/i.test(text));
  return [
    ...(word === undefined
      ? []
      : [`networks: the container's own networks and gateways ("${word}") are left out below`]),
    ...(given.values.has('myhostname')
      ? []
      : [`myhostname: the container's host name; "${settings.myhostname}" stands for it`]),
    ...(settings.overrides.length === 0
      ? []
      : ["postfix: whether the image's Postfix has these parameters, and takes these values"]),
    ...missing.map((file) => `${file}: not on this machine, so not looked into`),
  ];
}
