import type { Facts } from '../facts.ts';
import { type Given, whereOf } from '../given.ts';
import { error, type Problem, quoted } from '../problem.ts';
import { fullName } from '../settings.ts';
import type { RawSettings } from '../table.ts';

type Aliases = ReadonlyMap<string, readonly string[]>;

/** What one address becomes: looked up whole, without its extension, and as its domain's. */
function expansionOf(aliases: Aliases, address: string): readonly string[] {
  const at = address.lastIndexOf('@');
  const [user, domain] = [address.slice(0, at), address.slice(at)];
  const withUser = (to: string): string => (to.startsWith('@') ? user + to : to);
  const whole = aliases.get(address);
  if (whole !== undefined) return whole.map(withUser);
  const plus = user.indexOf('+');
  const bare = plus < 1 ? undefined : aliases.get(user.slice(0, plus) + domain);
  // The extension goes on to what the address becomes (propagate_unmatched_extensions).
  if (bare !== undefined) return bare.map((to) => withExtension(withUser(to), user.slice(plus)));
  return (aliases.get(domain) ?? []).map(withUser);
}

function withExtension(address: string, extension: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + extension + address.slice(at);
}

/**
 * Whether the search for the last recipients comes to an end. An address that stands in its own
 * expansion is one of them (virtual(5)); one that comes up again later starts the search anew.
 * Without recursion: a long chain would be deeper than the stack.
 * @param good addresses of which it is known that it does; more are added
 */
function ends(aliases: Aliases, start: string, good: Set<string>): boolean {
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
    if (onTheWay.has(address) || onTheWay.size > aliases.size) return false;
    onTheWay.add(address);
    todo.push({ address, isDone: true });
    const targets = expansionOf(aliases, address);
    if (targets.includes(address)) continue;
    todo.push(...targets.map((target) => ({ address: target, isDone: false })));
  }
  return true;
}

/**
 * Postfix follows aliases of aliases, and answers 451 to mail for one that leads back to itself
 * ("unreasonable virtual_alias_maps map nesting" in cleanup_map1n.c).
 */
export function checkAliasLoops(raw: RawSettings, given: Given, facts: Facts): readonly Problem[] {
  const origin = raw.myorigin ?? raw.myhostname ?? fullName(facts.hostname);
  const full = (address: string): string =>
    (address.includes('@') ? address : `${address}@${origin}`).toLowerCase();
  const aliases = new Map(raw.virtual.map(({ from, to }) => [full(from), to.map(full)]));
  const good = new Set<string>();
  const circle = raw.virtual.find(({ from }) => {
    const address = full(from);
    return !ends(aliases, address.startsWith('@') ? `user${address}` : address, good);
  });
  if (circle === undefined) return [];
  const wrong = `${quoted(circle.from)} leads back to itself: Postfix would put off all mail for it`;
  return [error(whereOf(given, 'virtual'), wrong, 'take one of the lines away')];
}
