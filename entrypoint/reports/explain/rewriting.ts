import { addressKeys, applied } from '../../postfix/address-lookup.ts';
import { find, type Hit } from '../../postfix/running/ask-table.ts';
import type { Postfix } from '../../postfix/running/postfix.ts';

/** One step of an address's way: what it was, what it became, by which entry. */
export interface Rewritten {
  readonly from: string;
  readonly to: string;
  readonly by: Hit;
}

/** How often cleanup(8) looks again at what it found (MAX_RECURSION in cleanup_map11.c). */
const MOST = 1000;

/** How an address table is asked. */
export interface Mapping {
  readonly references: string;
  /** Whether what was ignored of the address comes back behind the new name. */
  readonly keepExtension: boolean;
}

/** @param kind the table's name in propagate_unmatched_extensions (postconf(5)) */
export const mappingOf = ({ value }: Postfix, kind: string, parameter: string): Mapping => ({
  references: value(parameter),
  keepExtension: value('propagate_unmatched_extensions').includes(kind),
});

/** The result of one table for an address; empty without an entry. */
export async function rewriteOnce(
  { origin, resolver }: Postfix,
  { references, keepExtension }: Mapping,
  address: string,
): Promise<readonly Rewritten[]> {
  if (references === '' || address === '') return [];
  const hit = await find(references, addressKeys(address, origin));
  if (hit === undefined) return [];
  const values = hit.value.split(/[\s,]+/).filter((one) => one !== '');
  return Promise.all(
    values.map(async (value) => {
      const to = applied(address, value, hit.extension, keepExtension);
      return { from: address, to: await resolver.rewrite(to), by: { ...hit, value } };
    }),
  );
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** canonical(5): repeats until a table has no entry or an address becomes itself. */
export async function canonical(
  postfix: Postfix,
  mapping: Mapping,
  address: string,
): Promise<readonly Rewritten[]> {
  const steps: Rewritten[] = [];
  let current = address;
  while (steps.length < MOST) {
    const [step] = await rewriteOnce(postfix, mapping, current);
    if (step === undefined || isSame(step.to, current)) break;
    steps.push(step);
    current = step.to;
  }
  return steps;
}

/** The destinations from virtual(5) for one recipient, with the steps. */
export interface Redirected {
  readonly steps: readonly Rewritten[];
  readonly recipients: readonly string[];
}

/** Looks up each result again, except one that equals its key or has occurred before. */
export async function redirect(
  postfix: Postfix,
  mapping: Mapping,
  recipient: string,
): Promise<Redirected> {
  const steps: Rewritten[] = [];
  const met = new Set<string>();
  const final = new Set<string>();
  const waiting = [recipient];
  while (waiting.length > 0 && steps.length < MOST) {
    const address = waiting.shift() ?? '';
    const found = met.has(address.toLowerCase())
      ? []
      : await rewriteOnce(postfix, mapping, address);
    met.add(address.toLowerCase());
    if (found.length === 0) final.add(address);
    const others = found.filter(({ to }) => !isSame(to, address));
    steps.push(...others);
    waiting.push(...found.map(({ to }) => to));
  }
  return { steps, recipients: [...final] };
}
