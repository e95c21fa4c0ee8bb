import { lookUp, NOT_AT_HOME } from '../../postfix/address-lookup.ts';
import { error, type Finding, say, setting } from '../finding.ts';
import { quoted } from '../problem.ts';
import type { RawSettings } from '../table.ts';

/** What is captured must not be rewritten into an address of somebody else's. */
export function checkCapture({ capture, generic, local }: RawSettings): readonly Finding[] {
  if (capture === undefined) return [];
  if (!capture.includes('@')) {
    if (local.domains.length > 0 && local.mailboxes.includes(capture)) return [];
    const wrong = say`${quoted(capture)} is no mailbox here: ${setting('local.mailboxes')} does not have it`;
    const right = say`add it there with a domain in ${setting('local.domains')}, or give an address`;
    return [error('capture', wrong, right)];
  }
  const rows = new Map(generic.map(({ from, to }) => [from.toLowerCase(), to]));
  const to = lookUp(rows, capture, NOT_AT_HOME)?.value;
  if (to === undefined || to.toLowerCase() === capture.toLowerCase()) return [];
  const wrong = say`${setting('generic')} rewrites ${quoted(capture)} into ${quoted(to)} on leaving`;
  return [error('capture', wrong, `give ${quoted(to)} here, or take that line away`)];
}
