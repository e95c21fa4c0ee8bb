/**
 * What Postfix and the big providers say when mail waits or comes back, in plain words. The first
 * rule that matches counts, so what is particular stands before what is general.
 *
 * Sources: the texts in Postfix 3.10 (src/smtp, src/dns, src/qmgr, src/virtual), provoked one by
 * one with the tests' provider; Google's "Gmail SMTP errors and codes"; Microsoft's "Non-delivery
 * reports in Exchange Online"; Yahoo's "SMTP error codes"; Amazon's "SMTP response codes returned by
 * Amazon SES"; IONOS' and GMX' postmaster pages; RFC 3463 and RFC 5248 for the codes themselves.
 */
import { CONNECTION, LOOP } from './reasons/connection.ts';
import { ENCRYPTION } from './reasons/encryption.ts';
import { FULL_DISK, INSIDE } from './reasons/inside.ts';
import { LIMITS } from './reasons/limits.ts';
import { LOGIN, LOGIN_FAILED } from './reasons/login.ts';
import { AUTHENTICITY, REFUSALS } from './reasons/refusals.ts';
import { inOwnWords, type Rule } from './reasons/rule.ts';
import { SENDERS } from './reasons/senders.ts';

export type { Rule, Trouble } from './reasons/rule.ts';

const GENERAL: readonly Rule[] = [
  {
    trouble: 'later',
    pattern: /(said|talk to me): 4\d\d/i,
    cause: 'the server puts it off (a temporary answer)',
    remedy: () => 'nothing at once: Postfix tries again by itself',
  },
  {
    trouble: 'refused',
    pattern: /(said|talk to me): 5\d\d/i,
    cause: 'the server refuses it for good',
    remedy: () => "the server's own words say why; if they do not, ask the provider",
  },
];

/** The whole table, in the order in which it is searched. */
export const RULES: readonly Rule[] = [
  ...LOGIN,
  ...SENDERS,
  ...AUTHENTICITY,
  ...LIMITS,
  ...REFUSALS,
  ...LOGIN_FAILED,
  LOOP,
  FULL_DISK,
  ...[...ENCRYPTION, ...CONNECTION, ...INSIDE].map(inOwnWords),
  ...GENERAL,
];
