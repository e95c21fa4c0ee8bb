import { addressKeys, applied } from '../explanation/search-order.ts';
import type { Settings } from '../settings/settings.ts';

/** The address that another becomes when mail leaves (generic(5), "TABLE SEARCH ORDER"). */
export function leavesAs({ generic, myorigin }: Settings, address: string): string {
  const keys = addressKeys(address, { myorigin, delimiter: '+' });
  for (const { key, extension } of keys) {
    const row = generic.find(({ from }) => from.toLowerCase() === key.toLowerCase());
    // Extensions are not kept there (propagate_unmatched_extensions in postconf(5)).
    if (row !== undefined) return applied(address, row.to, extension, false);
  }
  return address;
}
