import { addressKeys, applied } from '../postfix/address-lookup.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';

/** What a table makes of an address (canonical(5) and generic(5), "TABLE SEARCH ORDER"). */
function rewritten(
  rows: readonly Row[],
  address: string,
  myorigin: string,
  keepExtension: boolean,
): string {
  for (const { key, extension } of addressKeys(address, { myorigin, delimiter: '+' })) {
    const row = rows.find(({ from }) => from.toLowerCase() === key.toLowerCase());
    if (row !== undefined) return applied(address, row.to, extension, keepExtension);
  }
  return address;
}

/** The address that another becomes when mail leaves, where Postfix keeps no extension. */
export const leavesAs = ({ generic, myorigin }: Settings, address: string): string =>
  rewritten(generic, address, myorigin, false);

/**
 * The address that another becomes in all mail, where Postfix keeps the extension
 * (propagate_unmatched_extensions in postconf(5)).
 */
export const inAllMailAs = ({ canonical, myorigin }: Settings, address: string): string =>
  rewritten(canonical, address, myorigin, true);
