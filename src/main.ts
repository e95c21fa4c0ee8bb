#!/usr/bin/env node
/** The builder's command line: `./hikyaku VERB` in the checkout. */
import path from 'node:path';
import process from 'node:process';
import { runProgram, tell, worldOf } from '../entrypoint/cli/program.ts';
import { BrokenOff } from './broken-off.ts';
import { COMMAND } from './command-name.ts';
import { explainEngineError } from './docker/engine-errors.ts';
import { VERBS } from './verbs/verbs.ts';

const world = {
  ...worldOf(COMMAND),
  root: path.resolve(import.meta.dirname, '..'),
  stdout: process.stdout,
};

await runProgram(VERBS, world, (fault, json) =>
  // After an interruption the program exits at once, without an explanation.
  fault instanceof BrokenOff ? process.exit(fault.exitCode) : tell(explainEngineError(fault), json),
);
