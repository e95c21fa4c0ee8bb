import { type Finding, say, setting, warning } from '../finding.ts';
import type { Given } from '../given.ts';
import { quoted } from '../problem.ts';
import type { RawSettings } from '../table.ts';
import { isMadeUp } from './made-up-names.ts';
import { hasServer } from './provider.ts';

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * A notice about mail that comes back goes to the sender as it was at home. A provider gets it under
 * the address that generic gives; without one it is looked for at a domain that nobody has. Mail that
 * is signed has its final sender before it is tried, and send_as gives notices a way of its own.
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
