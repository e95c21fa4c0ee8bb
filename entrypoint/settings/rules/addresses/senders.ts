import { quoted } from '../../../messages/problem.ts';
import { lookUp, NOT_AT_HOME } from '../../../postfix/address-lookup.ts';
import { error, type Finding, say, setting, warning } from '../../naming/finding.ts';
import type { Given } from '../../naming/given.ts';
import type { Account, RawSettings } from '../../table.ts';
import { hasServer } from '../outgoing/provider.ts';
import { isMadeUp } from './made-up-names.ts';

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

/**
 * Mail must leave under an address that the Internet knows, and the look-up of senders must work.
 */
export function checkSendAs(raw: RawSettings): readonly Finding[] {
  const all = [
    { path: 'send_as', value: raw.send_as },
    ...raw.relay.backups.map((backup, index) => ({
      path: `relay.backups.${index}.send_as`,
      value: backup.send_as,
    })),
    ...raw.accounts.map((account, index) => ({
      path: `accounts.${index}.send_as`,
      value: account.send_as,
    })),
  ];
  const used = all.flatMap(({ path, value }) => (value === undefined ? [] : [{ path, value }]));
  const delimiter = raw.postfix.find(({ from }) => from === 'recipient_delimiter');
  if (used.length > 0 && delimiter !== undefined && !delimiter.to.includes('+')) {
    const wrong = say`recipient_delimiter lacks "+", which ${setting('send_as')} needs`;
    return [error('postfix', wrong, 'add it, or leave the parameter out')];
  }
  return used
    .filter(({ value }) => isMadeUp(value.slice(value.lastIndexOf('@') + 1).toLowerCase()))
    .map(({ path, value }) => {
      const wrong = `${quoted(value)} is an address at home: people on the Internet cannot reply to it`;
      return warning(path, wrong, 'give an address at your provider');
    });
}

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * A bounce goes to the sender's local address. It reaches the provider under the address from
 * generic. Without such an address, the relay looks for a domain that does not exist. Signed mail
 * has its final sender before the first attempt, and send_as has its own way for bounces.
 */
export function checkNotices(raw: RawSettings, given: Given): readonly Finding[] {
  const { generic, virtual, local, dkim, send_as: sendAs, capture } = raw;
  const isElsewhere = dkim.domain.length > 0 || sendAs !== undefined || capture !== undefined;
  if (hasServer('relay', given) || isElsewhere) return [];
  const here = new Set(local.domains.map((domain) => domain.toLowerCase()));
  const taken = new Set(virtual.map(({ from }) => from.toLowerCase()));
  const lost = generic
    .map(({ from }) => from)
    .filter((from) => from.includes('@') && isMadeUp(domainOf(from)))
    .filter((from) => !here.has(domainOf(from)) && !taken.has(`@${domainOf(from)}`))
    .filter((from) => !taken.has(from.toLowerCase()));
  return [...new Set(lost)].map((from) => {
    const wrong = `notices about undelivered mail from ${quoted(from)} are lost: they go back to that address, which no DNS knows`;
    const right = say`name who gets them with ${setting('virtual')}, as in ${quoted(`${from}=you@your-provider`)}`;
    return warning('generic', wrong, right);
  });
}
