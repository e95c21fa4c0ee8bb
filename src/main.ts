#!/usr/bin/env node
/** The builder's command line: `npx hikyaku VERB` in the checkout. */
import path from 'node:path';
import process from 'node:process';
import { EXIT, UserError } from '../entrypoint/cli/errors.ts';
import { report, reportUncaught } from '../entrypoint/cli/report-error.ts';
import { nearest } from '../entrypoint/settings/nearest.ts';
import { BrokenOff } from './broken-off.ts';
import { COMMAND } from './command-name.ts';
import { CONTAINER_VERBS, inContainer } from './container-verbs.ts';
import { explainEngineError } from './docker/engine-errors.ts';
import { help, usage, type World } from './verbs/verb.ts';
import { verbs } from './verbs/verbs.ts';

const world: World = {
  root: path.resolve(import.meta.dirname, '..'),
  environment: process.env,
  stdout: process.stdout,
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`hikyaku: ${line}\n`),
};

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

async function main([first, ...rest]: readonly string[]): Promise<number> {
  const asksHelp = first === 'help' || isHelp(first);
  const name = asksHelp ? rest[0] : first;
  if (name === undefined) {
    process.stdout.write(usage(verbs));
    return asksHelp ? EXIT.ok : EXIT.usage;
  }
  const verb = verbs.find((one) => one.name === name);
  if (verb === undefined) {
    throw new UserError(inContainer(name) ?? noSuchVerb(name), EXIT.usage);
  }
  if (asksHelp || rest.some(isHelp)) {
    process.stdout.write(help(verb));
    return EXIT.ok;
  }
  return verb.run(rest, world);
}

function noSuchVerb(name: string): string {
  const near = nearest(name, [...verbs.map((one) => one.name), 'help', ...CONTAINER_VERBS]);
  const right = near === undefined ? '' : ` (did you mean ${near}?)`;
  return `there is no verb "${name}"${right}; "${COMMAND} help" lists them`;
}

// Whoever reads the output may have seen enough of it: "hikyaku render | head".
process.stdout.on('error', ({ code = 'no reason' }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(EXIT.ok);
  world.warn(`the output cannot be written (${code}): see where it goes, a full disk perhaps`);
  process.exit(EXIT.system);
});
// Nobody is left to be told.
process.stderr.on('error', () => {});

reportUncaught({ ...world, json: false });
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (fault) {
  const json = process.argv.includes('--json');
  // Whoever breaks it off knows why.
  process.exitCode =
    fault instanceof BrokenOff
      ? fault.exitCode
      : report(explainEngineError(fault), { ...world, json });
}
