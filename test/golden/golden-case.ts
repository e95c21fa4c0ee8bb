import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../entrypoint/inputs/collect.ts';
import { type Problem, problemLine } from '../../entrypoint/messages/problem.ts';
import { nameOf } from '../../entrypoint/render/file.ts';
import { policy } from '../../entrypoint/render/policy.ts';
import { render } from '../../entrypoint/render/render.ts';
import type { Facts } from '../../entrypoint/settings/facts.ts';
import { readSettings } from '../../entrypoint/settings/read-settings.ts';
import type { Settings } from '../../entrypoint/settings/settings.ts';
import { facts } from '../unit/entrypoint/support/facts.ts';

const FOLDER = new URL('.', import.meta.url).pathname;
const EXAMPLES = join(FOLDER, '../../examples');
/** Where the secrets of a container are; in a case, they are in its folder `run-secrets`. */
const SECRETS = '/run/secrets';

/** Files by name, each with its text. */
export type Texts = Readonly<Record<string, string>>;

export const caseNames = (): readonly string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'image')
    .map(({ name }) => name);

export const exampleNames = (): readonly string[] =>
  readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'relay.yaml')));

/** The example that a case takes its relay.yaml from, if it takes one. */
export const exampleOf = (name: string): string | undefined => read(name, 'example')?.trim();

function read(name: string, file: string): string | undefined {
  const path = join(FOLDER, name, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** `NAME=value` lines; a value in double quotes is a JSON text (README.md beside this file). */
function environmentOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf('=');
      const value = line.slice(equals + 1);
      return [line.slice(0, equals), value.startsWith('"') ? String(JSON.parse(value)) : value];
    }),
  );
}

function factsOf(name: string): Facts {
  const { caFiles = {}, ...changes } = JSON.parse(read(name, 'facts.json') ?? '{}');
  return facts({ ...changes, caFiles: new Map(Object.entries(caFiles)) });
}

/** What the program makes of a case: rendered files, their modes, the policy; or the problems. */
export function outcome(name: string): Texts {
  const secrets = join(FOLDER, name, 'run-secrets');
  const environment = environmentOf(read(name, 'environment') ?? '');
  for (const [variable, value] of Object.entries(environment)) {
    environment[variable] = value.replaceAll(SECRETS, secrets);
  }
  const folder = mkdtempSync(join(tmpdir(), 'hikyaku-golden-'));
  try {
    const file = join(folder, 'relay.yaml');
    const yaml = relayFileOf(name);
    if (yaml !== undefined) writeFileSync(file, yaml.replaceAll(SECRETS, secrets));
    const reading = readSettings(collect(environment, file), factsOf(name));
    const problems = reading.ok ? reading.warnings : reading.problems;
    return {
      ...(reading.ok ? textsOf(reading.settings) : {}),
      ...(problems.length === 0 ? {} : { problems: linesOf(problems, secrets) }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function relayFileOf(name: string): string | undefined {
  const example = exampleOf(name);
  if (example === undefined) return read(name, 'relay.yaml');
  return readFileSync(join(EXAMPLES, example, 'relay.yaml'), 'utf8');
}

const linesOf = (problems: readonly Problem[], secrets: string): string =>
  problems.map((problem) => `${problemLine(problem).replaceAll(secrets, SECRETS)}\n`).join('');

function textsOf(settings: Settings): Texts {
  const files = render(settings);
  const modes = files.map((file) => `${file.mode.toString(8).padStart(4, '0')} ${nameOf(file)}\n`);
  return {
    ...Object.fromEntries(files.map((file) => [nameOf(file), file.content])),
    modes: modes.join(''),
    policy: policy(settings)
      .map((line) => `${line}\n`)
      .join(''),
  };
}

/** The master.cf of every case that does not bring its own. */
const usualMasterCf = (): string => readFileSync(join(FOLDER, 'master.cf'), 'utf8');

/** What is expected of a case, or undefined while nobody has written it down. */
export function expectedOf(name: string): Texts | undefined {
  const folder = join(FOLDER, read(name, 'same-as')?.trim() ?? name, 'expected');
  if (!existsSync(folder)) return undefined;
  const texts = Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  return 'main.cf' in texts ? { 'master.cf': usualMasterCf(), ...texts } : texts;
}

/** Writes down what the program makes of a new case, for somebody to look at. */
export function writeExpected(name: string, texts: Texts): void {
  const folder = join(FOLDER, name, 'expected');
  mkdirSync(folder);
  for (const [file, text] of Object.entries(texts)) {
    if (file === 'master.cf' && text === usualMasterCf()) continue;
    writeFileSync(join(folder, file), text);
  }
}
