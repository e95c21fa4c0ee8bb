import { type Given, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';
import type { RawSettings } from '../table.ts';

/** Mailboxes need a domain, and a domain somebody who has one. */
export function checkLocal({ local, virtual }: RawSettings, given: Given): Problem[] {
  const domains = whereOf(given, 'local.domains');
  const mailboxes = whereOf(given, 'local.mailboxes');
  if (local.mailboxes.length > 0 && local.domains.length === 0) {
    return [error(mailboxes, 'has no domain for its mailboxes', `give ${domains} too`)];
  }
  if (local.domains.length > 0 && local.mailboxes.length === 0 && virtual.length === 0) {
    const wrong = 'keeps mail here, and nobody has a mailbox: all of it would be refused';
    return [error(domains, wrong, `give ${mailboxes} too`)];
  }
  return [];
}
