#!/usr/bin/env node
/** The program in the container: `hikyaku VERB`. */
import { runProgram, worldOf } from './cli/program.ts';
import { VERBS } from './verbs/verbs.ts';

void runProgram(VERBS, worldOf('hikyaku'));
