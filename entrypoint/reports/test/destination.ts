import { SIGN } from '../../postfix/inside-services.ts';
import { Resolver } from '../../postfix/running/resolver.ts';
import { explain } from '../explain/explanation.ts';

/** The destination of a delivered mail: mailboxes of this relay, another server, or both. */
export interface Destination {
  /** The Maildirs here: `/var/mail/me`. */
  readonly mailboxes: readonly string[];
  readonly leftHere: boolean;
  /** Whether it goes past the signer. */
  readonly isSigned: boolean;
}

/** The answer if the tables do not answer: most mail goes to a provider. */
const ELSEWHERE: Destination = { mailboxes: [], leftHere: true, isSigned: true };

/** Asks the tables in force where mail for this recipient goes. */
export async function destinationOf(from: string, to: string): Promise<Destination> {
  try {
    using resolver = new Resolver();
    const { deliveries } = await explain(resolver, from, to);
    const kept = deliveries.flatMap((one) => (one.kind === 'kept' ? [one.mailbox] : []));
    const mailboxes = [...new Set(kept.map((path) => path.replace(/\/$/, '')))];
    const isSigned = deliveries.some((one) => one.kind === 'sent' && one.service === SIGN);
    const leftHere = kept.length < deliveries.length || kept.length === 0;
    return { mailboxes, leftHere, isSigned };
  } catch {
    return ELSEWHERE;
  }
}

const TAKEN = 'the next server has taken it; if it does not arrive, look into the spam folder';

/** A delivery in words: whose spam folder to look into is no question for mail that stays here. */
export function deliveredWords({ mailboxes, leftHere }: Destination): string {
  if (mailboxes.length === 0) return `delivered: ${TAKEN}`;
  const kind = mailboxes.length === 1 ? 'mailbox' : 'mailboxes';
  const here = `delivered into the ${kind} ${mailboxes.join(', ')} of this relay`;
  return leftHere ? `${here}, and on to others: ${TAKEN}` : here;
}
