#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, UserError } from './cli/errors.ts';
import { optionMistake } from './cli/option-mistake.ts';
import { report, reportUncaught, type Screen } from './cli/report-error.ts';
import type { Call, Verb } from './cli/verb.ts';
import { nearest } from './settings/nearest.ts';

/** Each is loaded when it is called: `start` need not wait for what the others are made of. */
const VERBS = {
  start: async () => (await import('./verbs/start.ts')).startVerb,
  check: async () => (await import('./verbs/check.ts')).checkVerb,
  render: async () => (await import('./verbs/render.ts')).renderVerb,
  status: async () => (await import('./verbs/status.ts')).statusVerb,
  queue: async () => (await import('./verbs/queue.ts')).queueVerb,
  doctor: async () => (await import('./verbs/doctor.ts')).doctorVerb,
  trace: async () => (await import('./verbs/trace.ts')).traceVerb,
  test: async () => (await import('./verbs/test.ts')).testVerb,
  reload: async () => (await import('./verbs/reload.ts')).reloadVerb,
  explain: async () => (await import('./verbs/explain.ts')).explainVerb,
  migrate: async () => (await import('./verbs/migrate.ts')).migrateVerb,
  prepare: async () => (await import('./verbs/prepare.ts')).prepareVerb,
  health: async () => (await import('./verbs/health.ts')).healthVerb,
  help: async () => (await import('./verbs/help.ts')).helpVerb(allVerbs),
} as const satisfies Readonly<Record<string, () => Promise<Verb>>>;

const allVerbs = (): Promise<readonly Verb[]> =>
  Promise.all(Object.values(VERBS).map((load): Promise<Verb> => load()));

const isVerb = (name: string): name is keyof typeof VERBS => Object.hasOwn(VERBS, name);

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  from: { type: 'string' },
  sender: { type: 'string' },
} as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

/** Finds the verb, and runs it. */
async function main(words: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parse(words);
  // "hikyaku start --help" is "hikyaku help start".
  const [name = 'start', ...rest] = values.help ? ['help', ...positionals] : positionals;
  if (!isVerb(name)) {
    const names = Object.keys(VERBS).join(', ');
    const near = nearest(name, Object.keys(VERBS));
    const right = near === undefined ? '' : ` (did you mean ${near}?)`;
    throw new UserError(`"${name}" is not a verb${right}; use one of: ${names}`, EXIT.usage);
  }
  const { json, yes, from, sender } = values;
  const told = { json, yes, from, sender };
  const call: Call = { environment: process.env, words: rest, ...told, print, warn };
  const verb: Verb = await VERBS[name]();
  return verb.run(call);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (fault) {
    const mistake = optionMistake(words, OPTIONS);
    if (mistake === undefined) throw fault;
    throw new UserError(
      `${mistake}; "hikyaku help" lists the verbs with their options`,
      EXIT.usage,
    );
  }
}

// For a verb that waits for what never comes, with nothing to keep Node.js alive: it has not said that
// all is well.
process.exitCode = EXIT.bug;
const screen: Screen = { json: process.argv.includes('--json'), print, warn };
reportUncaught(screen);
main(process.argv.slice(2))
  .catch((fault: unknown) => report(fault, screen))
  .then((code) => {
    process.exitCode = code;
  });
