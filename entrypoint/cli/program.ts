/** A program of verbs: finds the one that was called, and tells how it ended. */
import process from 'node:process';
import { nearest } from '../messages/nearest.ts';
import { EXIT, type ExitCode, UsageError, UserError } from './errors.ts';
import { report, reportUncaught } from './report-error.ts';
import type { Verb, World } from './verb.ts';

/** Each is loaded when it is called: `start` need not wait for what the others are made of. */
export type Verbs<X extends World> = Readonly<Record<string, () => Promise<Verb<X>>>>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

/** The world of this process. @param command how the program is called */
export const worldOf = (command: string): World => ({
  command,
  environment: process.env,
  print,
  warn,
});

/**
 * Runs the program with the words of its command line; the exit code says how it ended.
 * @param verbs `help` and `version` among them
 * @param ending tells an error that ended a verb, and gives the exit code
 */
export async function runProgram<X extends World>(
  verbs: Verbs<X>,
  world: X,
  ending: (fault: unknown, json: boolean) => number = tell,
): Promise<void> {
  const words = process.argv.slice(2);
  // For a verb that waits for what never comes, with nothing to keep Node.js alive: it has not said
  // that all is well.
  process.exitCode = EXIT.bug;
  hearOutput();
  reportUncaught({ json: words.includes('--json'), print, warn });
  try {
    process.exitCode = await run(words, verbs, world);
  } catch (fault) {
    process.exitCode = ending(fault, words.includes('--json'));
  }
}

/** The one place where an error ends a program. */
export const tell = (fault: unknown, json: boolean): ExitCode =>
  report(fault, { json, print, warn });

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

async function run<X extends World>(
  [first, ...rest]: readonly string[],
  verbs: Verbs<X>,
  world: X,
): Promise<ExitCode> {
  if (first === undefined) {
    await call('help', [], verbs, world);
    return EXIT.usage;
  }
  // "hikyaku start --help" is "hikyaku help start".
  if (isHelp(first)) return call('help', rest, verbs, world);
  if (first === '--version') return call('version', rest, verbs, world);
  return Object.hasOwn(verbs, first) && rest.some(isHelp)
    ? call('help', [first], verbs, world)
    : call(first, rest, verbs, world);
}

async function call<X extends World>(
  name: string,
  args: readonly string[],
  verbs: Verbs<X>,
  world: X,
): Promise<ExitCode> {
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (load === undefined) throw noSuchVerb(name, Object.keys(verbs), world.command);
  const verb = await load();
  try {
    return await verb.run(args, world);
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    const where = `"${world.command} help ${name}" tells how it is used`;
    throw new UserError(`${fault.message}; ${where}`, EXIT.usage);
  }
}

function noSuchVerb(name: string, known: readonly string[], command: string): UserError {
  const help = `"${command} help" lists the verbs`;
  if (name.startsWith('-')) {
    return new UserError(`the verb comes first, then ${name}; ${help}`, EXIT.usage);
  }
  const near = nearest(name, known);
  const right = near === undefined ? '' : ` (did you mean ${near}?)`;
  return new UserError(`there is no verb "${name}"${right}; ${help}`, EXIT.usage);
}

function hearOutput(): void {
  // The reader of the output may stop early: "hikyaku render | head".
  process.stdout.on('error', ({ code = 'no reason' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(EXIT.ok);
    warn(`the output cannot be written (${code}): see where it goes, a full disk perhaps`);
    process.exit(EXIT.system);
  });
  // There is nowhere left to print to.
  process.stderr.on('error', () => {});
}
