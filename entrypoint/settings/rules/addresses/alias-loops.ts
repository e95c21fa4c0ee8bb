import { quoted } from '../../../messages/problem.ts';
import { applied, lookUp, type Origin } from '../../../postfix/address-lookup.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding } from '../../naming/finding.ts';
import type { RawSettings } from '../../table.ts';
import { originOf } from './own-names.ts';

type Aliases = ReadonlyMap<string, readonly string[]>;

/** So deep Postfix follows aliases of aliases (virtual_alias_recursion_limit in postconf(5)). */
const DEEPEST = 1000;

/** The result for one address, with its extension (propagate_unmatched_extensions). */
function expansionOf(aliases: Aliases, address: string, origin: Origin): readonly string[] {
  const hit = lookUp(aliases, address, origin);
  if (hit === undefined) return [];
  return hit.value.map((to) => full(applied(address, to, hit.extension, true), origin));
}

/** A bare user name is one of the relay's own domain. */
const full = (address: string, { myorigin }: Origin): string =>
  (address.includes('@') ? address : `${address}@${myorigin}`).toLowerCase();

/**
 * Whether the search for the last recipients comes to an end. An address that stands in its own
 * expansion is one of them (virtual(5)); one that comes up again later starts the search anew.
 * A loop, not a recursion: a long chain would overflow the stack.
 * @param good addresses of which it is known that it does; more are added
 */
function ends(aliases: Aliases, start: string, origin: Origin, good: Set<string>): boolean {
  const onTheWay = new Set<string>();
  const todo: { readonly address: string; readonly isDone: boolean }[] = [
    { address: start, isDone: false },
  ];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { address, isDone } = next;
    if (isDone) {
      onTheWay.delete(address);
      good.add(address);
      continue;
    }
    if (good.has(address)) continue;
    if (onTheWay.has(address) || onTheWay.size > DEEPEST) return false;
    onTheWay.add(address);
    todo.push({ address, isDone: true });
    const targets = expansionOf(aliases, address, origin);
    if (targets.includes(address)) continue;
    for (const target of targets) todo.push({ address: target, isDone: false });
  }
  return true;
}

/**
 * Postfix follows aliases of aliases, and answers 451 to mail for one that leads back to itself
 * ("unreasonable virtual_alias_maps map nesting" in cleanup_map1n.c).
 */
export function checkAliasLoops(raw: RawSettings, facts: Facts): readonly Finding[] {
  const origin = originOf(raw, facts);
  const aliases = new Map(raw.virtual.map(({ from, to }) => [from.toLowerCase(), to]));
  const good = new Set<string>();
  const circle = raw.virtual.find(({ from }) => {
    const address = full(from, origin);
    return !ends(aliases, address.startsWith('@') ? `user${address}` : address, origin, good);
  });
  if (circle === undefined) return [];
  const wrong = `${quoted(circle.from)} leads back to itself: Postfix would defer all mail for it`;
  const place = { path: 'virtual', entry: circle.from };
  return [error(place, wrong, 'remove one of the lines')];
}
