/** The builder's verbs, in the order in which the help lists them. */
import { buildVerb } from './build.ts';
import { checkVerb, migrateVerb, renderVerb, statusVerb, traceVerb } from './settings-and-relay.ts';
import type { Verb } from './verb.ts';

export const verbs: readonly Verb[] = [
  buildVerb,
  checkVerb,
  renderVerb,
  migrateVerb,
  traceVerb,
  statusVerb,
];
