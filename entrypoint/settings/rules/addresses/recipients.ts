import { quoted } from '../../../messages/problem.ts';
import { lookUp, NOT_AT_HOME } from '../../../postfix/address-lookup.ts';
import { error, type Finding, say, setting } from '../../naming/finding.ts';
import type { Given } from '../../naming/given.ts';
import type { RawSettings } from '../../table.ts';
import { hasNothing } from '../keys.ts';

/** Tables must not rewrite captured mail into another address. */
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

/** Maximum number of mailboxes in their table. */
const MOST_ROWS = 100_000;

/** Mailboxes need a domain, and a domain needs mailboxes. */
export function checkLocal({ local }: RawSettings, given: Given): Finding[] {
  const [domains, mailboxes] = ['local.domains', 'local.mailboxes'];
  if (local.mailboxes.length > 0 && hasNothing(given, domains)) {
    const right = say`give ${setting(domains)} too`;
    return [error(mailboxes, 'has no domain for its mailboxes', right)];
  }
  const rows = local.mailboxes.length * local.domains.length;
  if (rows > MOST_ROWS) {
    const wrong = `makes ${rows} mailboxes, since every user has one in each domain`;
    return [error(mailboxes, wrong, `reduce users or domains: ${MOST_ROWS} at most`)];
  }
  const isForNobody = [mailboxes, 'virtual'].every((path) => hasNothing(given, path));
  if (local.domains.length > 0 && isForNobody) {
    const wrong = 'keeps mail here, but no user has a mailbox: all such mail would be refused';
    return [error(domains, wrong, say`give ${setting(mailboxes)} too`)];
  }
  return [];
}
