/**
 * Runs once, while the image is built: starts the relay up to the moment where it would become
 * Postfix, and keeps what V8 compiled on the way. Node.js's own compile cache (NODE_COMPILE_CACHE)
 * is written before anything runs, and so lacks nearly every function.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { COMPILED, program } from './program.ts';

// Sparkplug compiles in a thread of its own, and a bit of each function that it is at work on would
// get into the result: two builds would differ. V8 takes only what was made with its own flags.
setFlagsFromString('--no-sparkplug');
const script = program();
process.execve = (): never => {
  setFlagsFromString('--sparkplug');
  writeFileSync(COMPILED, script.createCachedData());
  process.exit(0);
};
process.argv.push('start');
script.runInThisContext();
