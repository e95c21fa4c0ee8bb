import { type Given, nameOf, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';
import type { RawSettings } from '../table.ts';
import { hasNothing } from './where.ts';

/** Mailboxes need a domain, and a domain somebody who has one. */
export function checkLocal({ local }: RawSettings, given: Given): Problem[] {
  const [domains, mailboxes] = ['local.domains', 'local.mailboxes'];
  if (local.mailboxes.length > 0 && hasNothing(given, domains)) {
    const right = `give ${nameOf(given, domains)} too`;
    return [error(whereOf(given, mailboxes), 'has no domain for its mailboxes', right)];
  }
  const isForNobody = [mailboxes, 'virtual'].every((path) => hasNothing(given, path));
  if (local.domains.length > 0 && isForNobody) {
    const wrong = 'keeps mail here, and nobody has a mailbox: all of it would be refused';
    return [error(whereOf(given, domains), wrong, `give ${nameOf(given, mailboxes)} too`)];
  }
  return [];
}
