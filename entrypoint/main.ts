#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, SettingsError, UserError } from './errors.ts';
import { checkVerb } from './verbs/check.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { explainVerb } from './verbs/explain.ts';
import { healthVerb } from './verbs/health.ts';
import { helpVerb } from './verbs/help.ts';
import { migrateVerb } from './verbs/migrate.ts';
import { queueVerb } from './verbs/queue.ts';
import { reloadVerb } from './verbs/reload.ts';
import { renderVerb } from './verbs/render.ts';
import { startVerb } from './verbs/start.ts';
import { statusVerb } from './verbs/status.ts';
import { testVerb } from './verbs/test.ts';
import type { Call, Verb } from './verbs/verb.ts';

const VERBS: readonly Verb[] = [
  startVerb,
  checkVerb,
  renderVerb,
  statusVerb,
  queueVerb,
  doctorVerb,
  testVerb,
  reloadVerb,
  explainVerb,
  migrateVerb,
  healthVerb,
  helpVerb(() => VERBS),
];

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  from: { type: 'string' },
} as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

/** Finds the verb, and runs it. */
async function main(words: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(words);
  // "hikyaku start --help" is "hikyaku help start".
  const [name = 'start', ...rest] = values.help ? ['help', ...positionals] : positionals;
  const verb = VERBS.find((one) => one.name === name);
  if (verb === undefined) {
    const names = VERBS.map((one) => one.name).join(', ');
    throw new UserError(`"${name}" is not a verb; use one of: ${names}`, EXIT.usage);
  }
  const { json, yes, from } = values;
  const call: Call = { environment: process.env, words: rest, json, yes, from, print, warn };
  return verb.run(call);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (fault) {
    throw new UserError(fault instanceof Error ? fault.message : String(fault), EXIT.usage);
  }
}

/** The one place where an error ends the program. */
function report(fault: unknown): ExitCode {
  if (fault instanceof SettingsError) {
    if (process.argv.includes('--json'))
      print(JSON.stringify({ ok: false, problems: fault.problems }, null, 2));
    else for (const line of fault.message.split('\n')) warn(line);
    return fault.exitCode;
  }
  if (fault instanceof UserError) {
    warn(fault.message);
    return fault.exitCode;
  }
  warn(
    `this is a bug of hikyaku, please report it: ${fault instanceof Error ? fault.stack : fault}`,
  );
  return EXIT.bug;
}

main(process.argv.slice(2))
  .catch(report)
  .then((code) => {
    process.exitCode = code;
  });
