import { applied, lookUp, type Origin } from '../postfix/address-lookup.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';

/** What a table makes of an address (canonical(5) and generic(5), "TABLE SEARCH ORDER"). */
function rewritten(
  rows: readonly Row[],
  address: string,
  { myorigin }: Pick<Settings, 'myorigin'>,
  keepExtension: boolean,
): string {
  const origin: Origin = { myorigin, delimiter: '+' };
  const table = new Map(rows.map(({ from, to }) => [from.toLowerCase(), to]));
  const hit = lookUp(table, address, origin);
  if (hit === undefined) return address;
  const to = applied(address, hit.value, hit.extension, keepExtension);
  return to.includes('@') ? to : `${to}@${myorigin}`;
}

/** The address that another becomes when mail leaves, where Postfix keeps no extension. */
export const leavesAs = (settings: Settings, address: string): string =>
  rewritten(settings.generic, address, settings, false);

/** The settings refuse tables that lead on for longer (checkCircles in settings/rules/tables.ts). */
const MOST_STEPS = 10;

/**
 * The address that another becomes in all mail: canonical is asked again about what it said, and
 * keeps the extension (canonical(5); propagate_unmatched_extensions in postconf(5)).
 */
export function inAllMailAs(settings: Settings, address: string): string {
  let current = address;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = rewritten(settings.canonical, current, settings, true);
    if (next.toLowerCase() === current.toLowerCase()) break;
    current = next;
  }
  return current;
}
