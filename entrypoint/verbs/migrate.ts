import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { EXIT, type ExitCode, isSystemError, UserError } from '../errors.ts';
import { readRelayFile } from '../inputs/relay-file.ts';
import { migrate } from '../migration/migrate.ts';
import { PEERS } from '../migration/peers.ts';
import { migrationText, relayYaml } from '../migration/relay-yaml.ts';
import { type ReadBeside, readSources, type Source } from '../migration/source.ts';
import type { Facts } from '../settings/facts.ts';
import { type Problem, problemLine } from '../settings/problem.ts';
import { readSettings } from '../settings/read-settings.ts';
import { printReport } from './print-report.ts';
import type { Call, Verb } from './verb.ts';

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
  const source = choose(readSources(await read(file), readBeside(file)), service);
  const draft = migrate(source.peer, source.variables, source.open);
  const yaml = relayYaml(draft);
  const problems = judge(yaml);
  const { secrets, dropped, notes } = draft;
  const from = { image: source.peer.name, service: source.service };
  printReport(call, { ...from, yaml, secrets, dropped, notes, problems }, () => [
    migrationText(source.peer.name, draft),
  ]);
  if (!call.json) for (const problem of problems) call.warn(problemLine(problem));
  return EXIT.ok;
}

/** What `check` will say of the settings as they stand. */
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

function choose(sources: readonly Source[], service: string | undefined): Source {
  const [source, ...others] = sources.filter(({ service: name }) => (service ?? name) === name);
  if (source !== undefined && others.length === 0) return source;
  if (source === undefined) {
    const images = PEERS.map(({ name }) => name).join(', ');
    throw new UserError(`no settings were found of an image that is known (${images})`, EXIT.usage);
  }
  const names = sources.map(({ service: name }) => name).join(', ');
  throw new UserError(`there are several such services: add one of ${names}`, EXIT.usage);
}

export const migrateVerb: Verb = {
  name: 'migrate',
  usage: 'migrate [FILE [SERVICE]] [--json]',
  describe: "Turn another relay image's Compose or env file into a relay.yaml.",
  json: true,
  run: printMigration,
};
