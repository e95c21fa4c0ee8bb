/** Verbs of the relay's own program that need a Postfix, and so have no counterpart on the host. */
import { COMMAND } from './command-name.ts';

export const OPERATOR_VERBS = ['queue', 'reload', 'doctor', 'test', 'explain', 'health'] as const;

/** With those that the container's start is made of. */
export const CONTAINER_VERBS: readonly string[] = [...OPERATOR_VERBS, 'prepare', 'start'];

/** What to type instead, or undefined when it is no verb of the container either. */
export function inContainer(verb: string): string | undefined {
  if (!CONTAINER_VERBS.includes(verb)) return undefined;
  const start = verb === 'start' ? `; "${COMMAND} run FILE" makes a container and starts it` : '';
  return `"${verb}" runs in the container: docker exec NAME hikyaku ${verb}, NAME being the container's name${start}`;
}

/**
 * What was said in the container may tell to run a verb there; who reads it on the host has another
 * `hikyaku` at hand.
 */
export function hintForHost(container: string, said: readonly string[]): readonly string[] {
  const isTold = said.some((line) => /"hikyaku [a-z]/.test(line));
  return isTold ? [`"hikyaku VERB" above means: docker exec ${container} hikyaku VERB`] : [];
}
