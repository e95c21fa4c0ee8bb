import { accessKeys, addressKeys, type Origin } from '../../postfix/address-lookup.ts';
import { restrictionsIn } from '../../postfix/restrictions.ts';
import { find, type Hit } from '../../postfix/running/ask-table.ts';
import type { Postfix } from '../../postfix/running/postfix.ts';

/** Whether a client that may send would get the message taken. */
export type Intake =
  | { readonly taken: true; readonly by: readonly Hit[] }
  | { readonly taken: false; readonly reply: string; readonly by: Hit | undefined };

const TAKEN: Intake = { taken: true, by: [] };

/** Asks the lists of restrictions as smtpd(8) does at RCPT TO, for a client in mynetworks. */
export async function intakeOf(
  postfix: Postfix,
  sender: string,
  recipient: string,
): Promise<Intake> {
  const { value, resolver, origin } = postfix;
  const { staysHere } = await resolver.resolve('', recipient);
  const judge = (name: string): Promise<Intake> =>
    restricted(value(name), origin, sender, recipient, staysHere);
  const ofSender = await judge('smtpd_sender_restrictions');
  if (!ofSender.taken) return ofSender;
  const ofRecipient = await judge('smtpd_recipient_restrictions');
  if (!ofRecipient.taken) return ofRecipient;
  const known = staysHere ? await listed(postfix, recipient) : TAKEN;
  return known.taken
    ? { taken: true, by: [...ofSender.by, ...ofRecipient.by, ...known.by] }
    : known;
}

/** One list, up to the first restriction that decides (smtpd_recipient_restrictions in postconf(5)). */
async function restricted(
  list: string,
  origin: Origin,
  sender: string,
  recipient: string,
  staysHere: boolean,
): Promise<Intake> {
  for (const { name, table } of restrictionsIn(list)) {
    if (name === 'permit' || name === 'permit_mynetworks') return TAKEN;
    if (name === 'permit_auth_destination' && staysHere) return TAKEN;
    if (name === 'reject') return { taken: false, reply: '554 5.7.1 Access denied', by: undefined };
    const address = addressOf(name, sender, recipient);
    if (table === undefined || address === undefined) continue;
    const hit = await find(table, accessKeys(address, origin));
    if (hit === undefined || /^DUNNO\b/i.test(hit.value)) continue;
    if (/^(4|5)\d\d\b|^(REJECT|DEFER)/i.test(hit.value)) {
      return { taken: false, reply: hit.value, by: hit };
    }
    return { taken: true, by: [hit] };
  }
  return TAKEN;
}

function addressOf(restriction: string, sender: string, recipient: string): string | undefined {
  if (restriction === 'check_sender_access') return sender;
  return restriction === 'check_recipient_access' ? recipient : undefined;
}

/** The tables for local recipients (smtpd_reject_unlisted_recipient in postconf(5)). */
const HOMES = [
  'recipient_canonical_maps',
  'canonical_maps',
  'virtual_alias_maps',
  'virtual_mailbox_maps',
];

async function listed({ value, origin }: Postfix, recipient: string): Promise<Intake> {
  for (const name of HOMES) {
    const hit = await find(value(name), addressKeys(recipient, origin));
    if (hit !== undefined) return { taken: true, by: [hit] };
  }
  const reply = '550 5.1.1 User unknown in virtual mailbox table';
  return { taken: false, reply, by: undefined };
}
