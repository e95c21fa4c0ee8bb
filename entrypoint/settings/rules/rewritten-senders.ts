import { lookUp, NOT_AT_HOME } from '../../postfix/address-lookup.ts';
import { type Finding, say, setting, warning } from '../finding.ts';
import { quoted } from '../problem.ts';
import type { Account, RawSettings } from '../table.ts';

type BySender = ReadonlyMap<string, Account>;

/** The account of a sender: its own, or that of its domain. */
const accountOf = (accounts: BySender, address: string): Account | undefined =>
  lookUp(accounts, address, NOT_AT_HOME)?.value;

const isSameLogin = (one: Account, other: Account | RawSettings['relay'] | undefined): boolean =>
  other !== undefined && one.username === other.username && one.host === other.host;

/**
 * An account is chosen by the sender as it came in, and generic rewrites it afterwards: such mail
 * goes out under the login of somebody else, which most providers refuse.
 */
export function checkRewrittenSenders(raw: RawSettings): readonly Finding[] {
  const { generic, relay } = raw;
  const accounts = new Map(raw.accounts.map((one) => [(one.sender ?? '').toLowerCase(), one]));
  return generic.flatMap(({ from, to }) => {
    const owner = accountOf(accounts, to);
    const used = accountOf(accounts, from);
    if (owner === undefined || used === owner) return [];
    if (isSameLogin(owner, used ?? relay)) return [];
    const through = used === undefined ? 'the relay host' : `the account of ${used.sender}`;
    const wrong = `mail from ${quoted(from)} leaves as ${quoted(to)}, which has an account of its own, but through ${through}: it may be refused`;
    const right = say`rewrite it with ${setting('canonical')} instead: that comes before the account is chosen`;
    return [warning('generic', wrong, right)];
  });
}
