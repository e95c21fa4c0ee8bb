import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, SettingsError, UserError } from '../entrypoint/errors.ts';
import { collect } from '../entrypoint/inputs/collect.ts';
import type { Environment } from '../entrypoint/inputs/environment.ts';
import { readFacts } from '../entrypoint/inputs/facts.ts';
import { readSecretFile } from '../entrypoint/inputs/secret-files.ts';
import type { Facts } from '../entrypoint/settings/facts.ts';
import type { Given } from '../entrypoint/settings/given.ts';
import { MASK } from '../entrypoint/settings/mask.ts';
import type { Problem } from '../entrypoint/settings/problem.ts';
import { readSettings } from '../entrypoint/settings/read-settings.ts';
import type { Settings } from '../entrypoint/settings/settings.ts';

/** Settings as far as they can be judged outside the container. */
export interface HostSettings {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  /** What only the container knows, a sentence each. */
  readonly unknown: readonly string[];
}

/** The name that stands for the container's own, which is given when it starts. */
const NO_NAME = 'container.example';

/**
 * Reads settings without a container and without Postfix. Nothing of this machine is taken for the
 * container's: what is not known is told instead.
 * @param file the YAML file; its absence is an error when `isWanted`
 * @throws SettingsError with every problem
 */
export function hostSettings(
  environment: Environment,
  file: string,
  isWanted: boolean,
): HostSettings {
  const absolute = path.resolve(file);
  if (isWanted && !existsSync(absolute)) {
    throw new UserError(`${file} does not exist`, EXIT.configuration);
  }
  const missing: string[] = [];
  const given = collect(
    isWanted ? { ...environment, RELAY_CONFIG_FILE: absolute } : environment,
    absolute,
    (secret) => {
      if (!secret.file.startsWith('/') || existsSync(secret.file)) return readSecretFile(secret);
      missing.push(secret.file);
      return { text: MASK };
    },
  );
  const facts = hostFacts(given, missing);
  const reading = readSettings(given, facts);
  if (!reading.ok) throw new SettingsError(reading.problems);
  const unknown = unknownThings(given, reading.settings, missing);
  return { settings: reading.settings, warnings: reading.warnings, unknown };
}

/** Only what the settings themselves name: files, where they are on this machine too. */
function hostFacts(given: Given, missing: string[]): Facts {
  const caFiles = [...readFacts(given).caFiles].filter(([file]) => {
    const isThere = !file.startsWith('/') || existsSync(file);
    if (!isThere) missing.push(file);
    return isThere;
  });
  return {
    hostname: NO_NAME,
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
