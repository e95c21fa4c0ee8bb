/** The verbs of the container's program, in the order in which the help lists them. */
import type { Verbs } from '../cli/program.ts';
import type { World } from '../cli/verb.ts';

export const VERBS: Verbs<World> = {
  setup: async () => (await import('./setup.ts')).setupVerb,
  start: async () => (await import('./start.ts')).startVerb,
  check: async () => (await import('./check.ts')).checkVerb,
  render: async () => (await import('./render.ts')).renderVerb,
  status: async () => (await import('./status.ts')).statusVerb,
  queue: async () => (await import('./queue.ts')).queueVerb,
  doctor: async () => (await import('./doctor.ts')).doctorVerb,
  trace: async () => (await import('./trace.ts')).traceVerb,
  test: async () => (await import('./test.ts')).testVerb,
  alert: async () => (await import('./alert.ts')).alertVerb,
  history: async () => (await import('./history.ts')).historyVerb,
  login: async () => (await import('./login.ts')).loginVerb,
  pair: async () => (await import('./pair.ts')).pairVerb,
  reload: async () => (await import('./reload.ts')).reloadVerb,
  explain: async () => (await import('./explain.ts')).explainVerb,
  dkim: async () => (await import('./dkim.ts')).dkimVerb,
  migrate: async () => (await import('./migrate.ts')).migrateVerb,
  prepare: async () => (await import('./prepare.ts')).prepareVerb,
  health: async () => (await import('./health.ts')).healthVerb,
  version: async () => (await import('./version.ts')).versionVerb,
  help: async () => (await import('./help.ts')).helpVerb(VERBS),
};
