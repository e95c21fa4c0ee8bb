import { error, type Finding, say, setting } from '../finding.ts';
import type { Given } from '../given.ts';
import type { RawSettings } from '../table.ts';
import { hasNothing } from './keys.ts';

/** So many mailboxes the table of them may name. */
const MOST_ROWS = 100_000;

/** Mailboxes need a domain, and a domain somebody who has one. */
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
