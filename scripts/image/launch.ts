#!/usr/local/bin/node --min-semi-space-size=16
// /usr/local/bin/hikyaku: runs the program with what V8 made of it while the image was built. With
// so much room for young objects (megabytes) no start has to wait for a collection of garbage.
import { readFileSync } from 'node:fs';
import { COMPILED, program } from './program.ts';

program(readFileSync(COMPILED)).runInThisContext();
