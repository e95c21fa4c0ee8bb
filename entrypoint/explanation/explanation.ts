import { type Delivery, deliveryOf } from './delivery.ts';
import { type Intake, intakeOf } from './intake.ts';
import { parametersInForce } from './parameters.ts';
import type { Resolver } from './resolver.ts';
import { canonical, type Mapping, type Rewritten, redirect } from './rewriting.ts';

/** What would become of one message. */
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
export async function explain(resolver: Resolver, from: string, to: string): Promise<Explanation> {
  const parameters = await parametersInForce();
  const value = (name: string): string => parameters.get(name) ?? '';
  const origin = { myorigin: value('myorigin'), delimiter: value('recipient_delimiter') };
  const mapping = (kind: string, name: string): Mapping => ({
    references: value(name),
    keepExtension: value('propagate_unmatched_extensions').includes(kind),
  });
  const [sender, recipient] = [await resolver.rewrite(from), await resolver.rewrite(to)];
  const intake = await intakeOf(parameters, resolver, origin, sender, recipient);
  const base = { from: sender, to: recipient, clients: value('mynetworks'), intake };
  if (!intake.taken) return { ...base, sender: [], recipient: [], deliveries: [] };

  // cleanup(8) rewrites with sender_canonical_maps or recipient_canonical_maps, then canonical_maps.
  const inAllMail = async (ownTable: string, address: string): Promise<readonly Rewritten[]> => {
    const own = await canonical(mapping('canonical', ownTable), address, origin, resolver);
    const common = mapping('canonical', 'canonical_maps');
    return [...own, ...(await canonical(common, last(own, address), origin, resolver))];
  };
  const senderSteps = await inAllMail('sender_canonical_maps', sender);
  const recipientSteps = await inAllMail('recipient_canonical_maps', recipient);
  const aliases = mapping('virtual', 'virtual_alias_maps');
  const redirected = await redirect(aliases, last(recipientSteps, recipient), origin, resolver);
  const finalSender = last(senderSteps, sender);
  const deliveries = await Promise.all(
    redirected.recipients.map((one) => deliveryOf(parameters, resolver, origin, finalSender, one)),
  );
  const recipientAll = [...recipientSteps, ...redirected.steps];
  return { ...base, sender: senderSteps, recipient: recipientAll, deliveries };
}

const last = (steps: readonly Rewritten[], address: string): string => steps.at(-1)?.to ?? address;
