/** The builder's verbs, in the order in which the help lists them. */
import { bakeVerb } from './bake.ts';
import { buildVerb } from './build.ts';
import { inspectVerb } from './inspect.ts';
import { logsVerb, runVerb, stopVerb } from './run.ts';
import { checkVerb, migrateVerb, renderVerb, statusVerb, traceVerb } from './settings-and-relay.ts';
import type { Verb } from './verb.ts';
import { verifyVerb } from './verify.ts';

export const verbs: readonly Verb[] = [
  buildVerb,
  verifyVerb,
  runVerb,
  logsVerb,
  stopVerb,
  bakeVerb,
  inspectVerb,
  checkVerb,
  renderVerb,
  migrateVerb,
  traceVerb,
  statusVerb,
];
