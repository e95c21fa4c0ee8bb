import { type Postfix, postfixInForce } from '../../postfix/running/postfix.ts';
import type { Resolver } from '../../postfix/running/resolver.ts';
import { unmarked } from '../../postfix/sender-mark.ts';
import { type Delivery, deliveryOf, wayOfClient } from './delivery.ts';
import { type Intake, intakeOf } from './intake.ts';
import { canonical, mappingOf, type Rewritten, redirect } from './rewriting.ts';

/** The predicted handling of one message. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  /** Who may hand it in (mynetworks). */
  readonly clients: string;
  readonly intake: Intake;
  readonly sender: readonly Rewritten[];
  readonly recipient: readonly Rewritten[];
  readonly deliveries: readonly Delivery[];
}

/** Sends a message through the tables in force, in the order in which Postfix asks them. */
export async function explain(
  resolver: Resolver,
  from: string,
  to: string,
  client?: string,
): Promise<Explanation> {
  const postfix = await postfixInForce(resolver);
  const { value } = postfix;
  const [sender, recipient] = [await resolver.rewrite(from), await resolver.rewrite(to)];
  const intake = await intakeOf(postfix, sender, recipient);
  const base = { from: sender, to: recipient, clients: value('mynetworks'), intake };
  if (!intake.taken) return { ...base, sender: [], recipient: [], deliveries: [] };

  const senderSteps = await inAllMail(postfix, 'sender_canonical_maps', sender);
  const recipientSteps = await inAllMail(postfix, 'recipient_canonical_maps', recipient);
  const aliases = mappingOf(postfix, 'virtual', 'virtual_alias_maps');
  const redirected = await redirect(postfix, aliases, last(recipientSteps, recipient));
  const finalSender = last(senderSteps, sender);
  const way = client === undefined ? undefined : await wayOfClient(postfix, client);
  const deliveries = await Promise.all(
    redirected.recipients.map((one) => deliveryOf(postfix, finalSender, one, way)),
  );
  const recipientAll = [...recipientSteps, ...redirected.steps];
  // The mark that tells senders from recipients is a matter between tables, and no new address.
  const renamed = senderSteps.filter(({ from, to }) => unmarked(from) !== unmarked(to));
  return { ...base, sender: renamed, recipient: recipientAll, deliveries };
}

/** cleanup(8) rewrites by the table for senders or for recipients, then by that for both. */
async function inAllMail(
  postfix: Postfix,
  ownTable: string,
  address: string,
): Promise<readonly Rewritten[]> {
  const own = await canonical(postfix, mappingOf(postfix, 'canonical', ownTable), address);
  const common = mappingOf(postfix, 'canonical', 'canonical_maps');
  return [...own, ...(await canonical(postfix, common, last(own, address)))];
}

const last = (steps: readonly Rewritten[], address: string): string => steps.at(-1)?.to ?? address;
