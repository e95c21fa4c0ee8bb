// Runs the program with what V8 made of it while the image was built; started by
// scripts/image/hikyaku.
import { readFileSync } from 'node:fs';
import { COMPILED, program } from './program.ts';

program(readFileSync(COMPILED)).runInThisContext();
