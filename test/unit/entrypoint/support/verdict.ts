import type { Problem } from '../../../../entrypoint/messages/problem.ts';

/** A setting as a message names it: `RELAY_HOST`, `relay.host`, `accounts[0].password`. */
const NAME =
  /\b(?:RELAY|POSTFIX)_\w+|\b(?:relay|accounts|local|database)(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)+/g;

/**
 * A problem without its words: how grave it is, where, and behind the arrow the settings that its
 * remedy names. The words themselves are compared once, in test/unit/corpus/sentences.txt.
 */
export function verdict({ severity, where, right }: Problem): string {
  const names = [...new Set(right.match(NAME))];
  return `${severity} ${where}${names.length === 0 ? '' : ` -> ${names.join(', ')}`}`;
}
