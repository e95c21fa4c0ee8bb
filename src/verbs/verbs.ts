/** The builder's verbs, in the order in which the help lists them; then those of a relay. */
import type { Verbs } from '../../entrypoint/cli/program.ts';
import { VERBS as CONTAINER_VERBS } from '../../entrypoint/verbs/verbs.ts';
import type { HostWorld } from './host-verb.ts';

const OWN: Verbs<HostWorld> = {
  setup: async () => (await import('./setup.ts')).setupVerb,
  build: async () => (await import('./build.ts')).buildVerb,
  verify: async () => (await import('./verify.ts')).verifyVerb,
  run: async () => (await import('./run.ts')).runVerb,
  logs: async () => (await import('./run.ts')).logsVerb,
  stop: async () => (await import('./run.ts')).stopVerb,
  bake: async () => (await import('./bake.ts')).bakeVerb,
  inspect: async () => (await import('./inspect.ts')).inspectVerb,
  check: async () => (await import('./settings.ts')).checkVerb,
  render: async () => (await import('./settings.ts')).renderVerb,
  migrate: async () => (await import('../../entrypoint/verbs/migrate.ts')).migrateVerb,
  version: async () => (await import('../../entrypoint/verbs/version.ts')).versionVerb,
  help: async () => (await import('../../entrypoint/verbs/help.ts')).helpVerb(VERBS),
};

/** Verbs of a container's start, which are useless in a running container. */
const OF_THE_START = ['start', 'prepare'];

const inRelays: Verbs<HostWorld> = Object.fromEntries(
  Object.entries(CONTAINER_VERBS)
    .filter(([name]) => !Object.hasOwn(OWN, name) && !OF_THE_START.includes(name))
    .map(([name, load]) => [
      name,
      async () => (await import('./in-relay.ts')).inRelay(await load()),
    ]),
);

export const VERBS: Verbs<HostWorld> = { ...OWN, ...inRelays };
