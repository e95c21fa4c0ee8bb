#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, SettingsError, UserError } from './errors.ts';
import type { Call, Verb } from './verbs/verb.ts';

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
    throw new UserError(`"${name}" is not a verb; use one of: ${names}`, EXIT.usage);
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
