import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { EXIT, type ExitCode, isSystemError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { readRelayFile } from '../inputs/relay-file.ts';
import { firstYamlFault } from '../inputs/yaml-fault.ts';
import { type Problem, problemLine } from '../messages/problem.ts';
import { migrate } from '../migration/migrate.ts';
import { PEERS } from '../migration/peers.ts';
import { migrationText, relayYaml } from '../migration/relay-yaml.ts';
import { type ReadBeside, readSources, type Source } from '../migration/source.ts';
import type { Facts } from '../settings/facts.ts';
import { readSettings } from '../settings/read-settings.ts';

/** The result is judged without a container: what depends on one is left to `check`. */
const NOWHERE: Facts = {
  hostname: 'relay.example',
  interfaces: [],
  gateways: [],
  parameterNames: undefined,
  tableTypes: undefined,
  caFiles: new Map(),
};

async function printMigration(call: Call): Promise<ExitCode> {
  const [file, service] = call.words;
  const text = await read(file);
  const sources = readSources(text, readBeside(file));
  if (sources.length === 0) throw new UserError(nothingIn(text), EXIT.usage);
  const source = choose(sources, service);
  const draft = migrate(source);
  const yaml = relayYaml(draft);
  const problems = judge(yaml);
  const { secrets, errors, dropped, notes } = draft;
  const from = { image: source.peer.name, service: source.service };
  printReport(call, { ...from, yaml, secrets, errors, dropped, notes, problems }, () => [
    migrationText(source.peer.name, draft),
  ]);
  if (!call.json) {
    for (const { name, why } of errors) call.warn(`error: ${name}: ${why}`);
    for (const problem of problems) call.warn(problemLine(problem));
  }
  return errors.length > 0 ? EXIT.configuration : EXIT.ok;
}

/** The result of `check` for the translated settings. */
function judge(yaml: string): readonly Problem[] {
  const reading = readSettings(readRelayFile('relay.yaml', yaml), NOWHERE);
  return reading.ok ? reading.warnings : reading.problems;
}

const isPiped = (file: string | undefined): file is undefined | '-' =>
  file === undefined || file === '-';

async function read(file: string | undefined): Promise<string> {
  return isPiped(file) ? readAll(process.stdin) : textOf(file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (fault) {
    if (isSystemError(fault)) throw new UserError(`${file} cannot be read: ${fault.message}`);
    throw fault;
  }
}

/** Files beside the one that is read: .env, and what env_file names. */
const readBeside =
  (file: string | undefined): ReadBeside =>
  (name) => {
    if (isPiped(file)) return undefined;
    const beside = join(dirname(file), name);
    return statSync(beside, { throwIfNoEntry: false })?.isFile() ? textOf(beside) : undefined;
  };

/** A text that was meant to be YAML, by its looks. */
const LIKE_YAML = /^\s*(?:-\s+)?(?:services|image|environment|env)\s*:/m;

/** A page, of which the fenced blocks are read. */
const MARKDOWN = /^ {0,3}(`{3}|~{3})/m;

/** Why there is nothing to translate. */
function nothingIn(text: string): string {
  const fault = LIKE_YAML.test(text) && !MARKDOWN.test(text) ? firstYamlFault(text) : undefined;
  if (fault !== undefined) return `the file is not the YAML that it seems to be: ${fault}`;
  const images = PEERS.map(({ name }) => name).join(', ');
  return `no settings were found of an image that is known (${images}) in a Compose file, an env file, "docker run" lines or Kubernetes manifests`;
}

function choose(sources: readonly Source[], service: string | undefined): Source {
  const [source, ...others] = sources.filter(({ service: name }) => (service ?? name) === name);
  if (source !== undefined && others.length === 0) return source;
  const names = sources.map(({ service: name }) => name).join(', ');
  const wrong =
    source === undefined
      ? `there is no such service "${service}": choose one of`
      : 'there are several such services: add one of';
  throw new UserError(`${wrong} ${names}`, EXIT.usage);
}

export const migrateVerb = verb(
  {
    name: 'migrate',
    words: ['[FILE]', '[SERVICE]'],
    summary:
      "Convert another relay image's Compose file, env file or docker run line into a relay.yaml.",
    details: 'Without a FILE, or with -, it reads standard input.',
    options: JSON_OPTION,
  },
  printMigration,
);
