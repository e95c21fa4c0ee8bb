import { type Given, nameOf, whereOf } from '../given.ts';
import { type Problem, quoted, warning } from '../problem.ts';
import type { Account, RawSettings } from '../table.ts';

/** Without its extension, in lower case: how accounts are found. */
const plain = (address: string): string =>
  address.toLowerCase().replace(/^([^@+]+)\+[^@]*@/, '$1@');

type BySender = ReadonlyMap<string, Account>;

/** The account of a sender: its own, or that of its domain. */
function accountOf(accounts: BySender, address: string): Account | undefined {
  const wanted = plain(address);
  return accounts.get(wanted) ?? accounts.get(wanted.slice(wanted.lastIndexOf('@')));
}

const isSameLogin = (one: Account, other: Account | RawSettings['relay'] | undefined): boolean =>
  other !== undefined && one.username === other.username && one.host === other.host;

/**
 * An account is chosen by the sender as it came in, and generic rewrites it afterwards: such mail
 * goes out under the login of somebody else, which most providers refuse.
 */
export function checkRewrittenSenders(raw: RawSettings, given: Given): readonly Problem[] {
  const { generic, relay } = raw;
  const accounts = new Map(raw.accounts.map((one) => [plain(one.sender ?? ''), one]));
  return generic.flatMap(({ from, to }) => {
    const owner = accountOf(accounts, to);
    const used = accountOf(accounts, from);
    if (owner === undefined || used === owner) return [];
    if (isSameLogin(owner, used ?? relay)) return [];
    const through = used === undefined ? 'the relay host' : `the account of ${used.sender}`;
    const wrong = `mail from ${quoted(from)} leaves as ${quoted(to)}, which has an account of its own, but through ${through}: it may be refused`;
    const right = `rewrite it with ${nameOf(given, 'canonical')} instead: that comes before the account is chosen`;
    return [warning(whereOf(given, 'generic'), wrong, right)];
  });
}
