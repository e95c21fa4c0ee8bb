import type { World } from '../cli/verb.ts';
import { keptEnvironment } from '../install/start-environment.ts';

/** For verbs that run from programs beside Postfix, without the variables of the start. */
export const AS_STARTED = {
  'as-started': {
    type: 'boolean',
    default: false,
    about: 'with the variables of the start, for "watch" and the page',
  },
} as const;

/** @throws when no setting asked to keep the variables of the start */
export const environmentOf = (
  call: Pick<World, 'environment'> & { readonly 'as-started': boolean },
): World['environment'] => (call['as-started'] ? keptEnvironment() : call.environment);
