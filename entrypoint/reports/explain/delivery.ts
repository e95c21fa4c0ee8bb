import { addressKeys, type Key, type Origin } from '../../postfix/address-lookup.ts';
import { listenerInside, SIGN, SIGNED } from '../../postfix/inside-services.ts';
import { restrictionsIn } from '../../postfix/restrictions.ts';
import { valuesOfService } from '../../postfix/running/ask-parameters.ts';
import { find, type Hit } from '../../postfix/running/ask-table.ts';
import type { Postfix } from '../../postfix/running/postfix.ts';
import { unmarked } from '../../postfix/sender-mark.ts';
import { splitValue } from '../../postfix/value-list.ts';
import { mappingOf, type Rewritten, rewriteOnce } from './rewriting.ts';

/** A server that would be tried, and the login there. */
export interface Server {
  readonly nexthop: string;
  readonly username: string | undefined;
  /** The entry that names the login, without the password. */
  readonly loginBy: Pick<Hit, 'table' | 'key'> | undefined;
  /** What a backup with a sender of its own makes of the sender. */
  readonly leavingSender?: string;
}

/** The delivery of mail for one recipient. */
export type Delivery =
  | {
      readonly kind: 'sent';
      readonly recipient: string;
      readonly service: string;
      /** The entry that chose the service; without one it is the default. */
      readonly serviceBy: Hit | undefined;
      readonly servers: readonly Server[];
      /** Straight to the MX hosts of the recipient's domain. */
      readonly direct: boolean;
      readonly tls: string;
      readonly implicitTls: boolean;
      /** Sender and recipient after rewriting on leaving. */
      readonly leavingSender: readonly Rewritten[];
      readonly leavingRecipient: readonly Rewritten[];
    }
  | {
      readonly kind: 'kept';
      readonly recipient: string;
      readonly mailbox: string;
      readonly by: Hit;
    }
  | { readonly kind: 'returned' | 'waiting'; readonly recipient: string; readonly why: string };

/** The route of a client's mail, for any sender and recipient. */
export interface ClientWay {
  readonly service: string;
  readonly nexthop: string;
  readonly by: Hit;
}

/** The way of a client, where it has one: FILTER in a table of clients (access(5)). */
export async function wayOfClient(
  { value }: Postfix,
  client: string,
): Promise<ClientWay | undefined> {
  for (const { name, table } of restrictionsIn(value('smtpd_recipient_restrictions'))) {
    if (name !== 'check_client_access' || table === undefined) continue;
    const by = await find(table, [plain(client)]);
    const [, service, nexthop] = /^FILTER ([\w-]+):(.*)$/.exec(by?.value ?? '') ?? [];
    if (by !== undefined && service !== undefined) return { service, nexthop: nexthop ?? '', by };
  }
  return undefined;
}

/** Asks Postfix where mail for a recipient goes, and its delivery service's settings how. */
export async function deliveryOf(
  postfix: Postfix,
  sender: string,
  recipient: string,
  way?: ClientWay,
): Promise<Delivery> {
  if (way !== undefined) {
    const value = await valuesOfService(way.service, postfix.value);
    return sent({ ...postfix, value }, sender, recipient, way.service, way.nexthop, way.by);
  }
  const { transport, nexthop, failed } = await postfix.resolver.resolve(sender, recipient);
  if (failed) return { kind: 'waiting', recipient, why: 'a table or a database gives no answer' };
  switch (transport) {
    case 'error':
      return { kind: 'returned', recipient, why: nexthop };
    case 'retry':
      return { kind: 'waiting', recipient, why: nexthop };
    case 'virtual':
      return keep(postfix, recipient);
    case SIGN:
      return signed(postfix, sender, recipient);
    default: {
      const value = await valuesOfService(transport, postfix.value);
      return sent({ ...postfix, value }, sender, recipient, transport, nexthop);
    }
  }
}

/** Rewritten by one service, signed inside, and handed on by another. */
async function signed(postfix: Postfix, sender: string, recipient: string): Promise<Delivery> {
  const { value } = postfix;
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const nexthop = value('relayhost') === '' ? domain : value('relayhost');
  const before = await sent(
    { ...postfix, value: await valuesOfService(SIGN, value) },
    sender,
    recipient,
    SIGN,
    nexthop,
  );
  const by = { ...postfix, value: await valuesOfService(SIGNED, value) };
  const after = await sent(by, sender, recipient, SIGNED, nexthop);
  if (before.kind !== 'sent' || after.kind !== 'sent') return after;
  const { leavingSender, leavingRecipient } = before;
  return { ...after, service: SIGN, leavingSender, leavingRecipient };
}

async function keep({ value, origin }: Postfix, recipient: string): Promise<Delivery> {
  const base = value('virtual_mailbox_base');
  const hit = await find(value('virtual_mailbox_maps'), addressKeys(recipient, origin));
  return hit === undefined
    ? { kind: 'returned', recipient, why: 'unknown user: there is no such mailbox' }
    : { kind: 'kept', recipient, mailbox: `${base}/${hit.value}`, by: hit };
}

/** @param postfix with the values of this service */
async function sent(
  postfix: Postfix,
  sender: string,
  recipient: string,
  service: string,
  nexthop: string,
  chosenBy?: Hit,
): Promise<Delivery> {
  const { value, origin } = postfix;
  const generic = mappingOf(postfix, 'generic', 'smtp_generic_maps');
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const chosen = (hit: Hit | undefined): Hit | undefined =>
    hit?.value.startsWith(`${service}:`) === true ? { ...hit, key: unmarked(hit.key) } : undefined;
  const perSender = value('sender_dependent_default_transport_maps');
  const [perRecipient, ofSender, servers, leavingSender, leavingRecipient] = await Promise.all([
    find(value('transport_maps'), transportKeys(recipient, origin)),
    sender === '' ? undefined : find(perSender, addressKeys(sender, origin)),
    serversOf(postfix, sender, nexthop),
    rewriteOnce(postfix, generic, sender),
    rewriteOnce(postfix, generic, recipient),
  ]);
  return {
    kind: 'sent',
    recipient,
    service,
    serviceBy: chosenBy ?? chosen(perRecipient) ?? chosen(ofSender),
    servers,
    direct: nexthop.toLowerCase() === domain.toLowerCase(),
    tls: value('smtp_tls_security_level'),
    implicitTls: value('smtp_tls_wrappermode') === 'yes',
    leavingSender: leavingSender
      .map((step) => ({ ...step, from: unmarked(step.from) }))
      .filter(({ from, to }) => from !== to),
    leavingRecipient,
  };
}

/** user+ext@domain, user@domain, domain (transport(5), "TABLE SEARCH ORDER"). */
const transportKeys = (address: string, origin: Origin): readonly Key[] =>
  addressKeys(address, origin).map(({ key, extension }) => ({
    key: key.replace(/^@/, ''),
    extension,
  }));

const plain = (key: string): Key => ({ key, extension: '' });

/** `[mail.isp.example]:587` -> `mail.isp.example` */
const hostOf = (nexthop: string): string =>
  nexthop.replace(/:\w+$/, '').replace(/^\[(?:ipv6:)?(.*)\]$/i, '$1');

/** The servers in turn; a listener inside stands for the servers of the service behind it. */
async function serversOf(
  postfix: Postfix,
  sender: string,
  nexthop: string,
): Promise<readonly Server[]> {
  const servers = await Promise.all(
    splitValue(nexthop).map(async (one) => {
      const listener = listenerInside(one);
      if (listener === undefined) return [await serverOf(postfix, sender, one)];
      const behind = await valuesOfService(listener, postfix.value, 'inet');
      const [, service = '', next = ''] = /^(.*?):(.*)$/.exec(behind('content_filter')) ?? [];
      const by = { ...postfix, value: await valuesOfService(service, postfix.value) };
      const steps = await rewriteOnce(by, mappingOf(by, 'generic', 'smtp_generic_maps'), sender);
      const later = await serversOf(by, sender, next);
      return later.map((server) => ({ leavingSender: steps.at(-1)?.to ?? sender, ...server }));
    }),
  );
  return servers.flat();
}

/** The login as smtp(8) finds it: by sender, where that is wanted, by host, by next hop. */
async function serverOf(
  { value, origin }: Postfix,
  sender: string,
  nexthop: string,
): Promise<Server> {
  const without: Server = { nexthop, username: undefined, loginBy: undefined };
  if (value('smtp_sasl_auth_enable') !== 'yes') return without;
  const bySender = value('smtp_sender_dependent_authentication') === 'yes' && sender !== '';
  const keys = [
    ...(bySender ? addressKeys(sender, origin) : []),
    plain(hostOf(nexthop)),
    plain(nexthop),
  ];
  const hit = await find(value('smtp_sasl_password_maps'), keys);
  if (hit === undefined) return without;
  const { table, key } = hit;
  return { nexthop, username: hit.value.split(':')[0] ?? '', loginBy: { table, key } };
}
