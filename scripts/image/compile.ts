/**
 * Runs once, while the image is built: starts the relay up to the moment where it would become
 * Postfix, and keeps what V8 compiled on the way. Node.js's own compile cache (NODE_COMPILE_CACHE)
 * is written before anything runs, and so lacks nearly every function.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { COMPILED, program } from './program.ts';

const script = program();
process.execve = (): never => {
  writeFileSync(COMPILED, script.createCachedData());
  process.exit(0);
};
process.argv.push('start');
script.runInThisContext();
