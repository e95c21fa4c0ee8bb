/** Running another program: the builder's, for the scripts and the tests. */
export { type CommandOptions, run, which } from '../src/command.ts';
