import type { World } from '../cli/verb.ts';
import { keptEnvironment } from '../install/start-environment.ts';

/** For verbs that programs beside Postfix call, which have none of the start's variables. */
export const AS_STARTED = {
  'as-started': {
    type: 'boolean',
    default: false,
    about: 'with the variables of the start, for "watch" and the page',
  },
} as const;

/** @throws when nothing asked for the variables of the start to be kept */
export const environmentOf = (
  call: Pick<World, 'environment'> & { readonly 'as-started': boolean },
): World['environment'] => (call['as-started'] ? keptEnvironment() : call.environment);
