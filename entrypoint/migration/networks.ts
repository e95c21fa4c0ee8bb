import ipaddr from 'ipaddr.js';
import { covers } from '../settings/ranges.ts';
import { parseRange } from '../settings/validators/network.ts';
import type { Draft } from './draft.ts';
import { itemsOf, type Translate, type Variables } from './peer.ts';

/** The default networks of most images. */
export const PRIVATE_NETWORKS: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
];

const OPEN = ['0.0.0.0/0', '::/0', '[::]/0', '[::/0]'];

const isLoopback = (entry: string): boolean =>
  /^(127\.|\[?::1\]?(\/|$))/.test(entry.replaceAll(/[[\]]/g, ''));

/** The range of an entry; one with host bits set becomes the network that was meant. */
function rangeOf(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.replaceAll(/[[\]]/g, '').split('/');
  if (!ipaddr.isValid(address) || rest.length > 0 || address.includes('%')) return undefined;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  try {
    if (prefix === undefined) {
      parseRange(address);
      return address;
    }
    const kind = ipaddr.parse(address).kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
    const range = `${kind.networkAddressFromCIDR(`${address}/${prefix}`)}/${prefix}`;
    parseRange(range);
    return range;
  } catch {
    return undefined;
  }
}

/** `mynetworks`, from any variable. This relay always admits loopback. */
export const networks: Translate = (value, draft, name) => {
  const entries = itemsOf(value);
  for (const entry of entries.filter((one) => !isLoopback(one))) addNetwork(entry, draft, name);
  if (entries.length === 0 || !entries.every(isLoopback)) return;
  draft.add('networks', ['host']);
  draft.note(
    `${name} let in only the container itself; clients that logged in there cannot do so here: name their networks under "networks"`,
  );
};

function addNetwork(entry: string, draft: Draft, name: string): void {
  if (OPEN.includes(entry)) {
    draft.add('networks', PRIVATE_NETWORKS);
    draft.note(
      `${name} let everyone send (an open relay); here only private networks may: narrow it to yours`,
    );
    return;
  }
  const range = rangeOf(entry);
  if (range === undefined) {
    draft.drop(name, `one of its entries is no address or range; name the networks in "networks"`);
    return;
  }
  if (entry.includes('/') && range !== entry.replaceAll(/[[\]]/g, '')) {
    draft.note(`${name} had ${entry}, which is no network: ${range} was meant`);
  }
  draft.add('networks', [range]);
}

const RESTRICTIONS = /^POST(?:FIX|CONF)_smtpd_(?:relay|recipient|client)_restrictions$/i;

/** Whether only clients that log in could send: a list that permits them, and no network. */
const letsInLoginsAlone = (all: Variables): boolean =>
  [...all].some(
    ([name, value]) =>
      RESTRICTIONS.test(name) &&
      itemsOf(value).includes('permit_sasl_authenticated') &&
      !itemsOf(value).some((one) => one === 'permit_mynetworks' || one === 'permit'),
  );

/** The networks of an image whose own restrictions let in only logged-in clients. */
export function loginsAlone(draft: Draft, all: Variables): void {
  if (!letsInLoginsAlone(all)) return;
  draft.set('networks', ['host']);
  draft.note(
    'networks: only clients that logged in could send, wherever they were; name the networks of those that may send without a login here',
  );
}

/** Gateways are let in by most images, and not here. */
export const noteGateway = (draft: Draft): void =>
  draft.note(
    'clients that come through a published port can look like the gateway of the container\'s network, which may not send here unless you set "trust_gateway: yes"',
  );

/** The networks of an image that lets all private ones in. */
export function privateNetworks(draft: Draft): void {
  if (draft.settings.has('networks')) return;
  draft.set('networks', PRIVATE_NETWORKS);
  draft.note(
    'networks: all private networks could send, and still can; "attached" would let in only the networks that the container is on',
  );
}

/** Takes out networks that lie within another one, and "host" beside others. */
export function settleNetworks(draft: Draft): void {
  const all = draft.settings.get('networks');
  if (all === undefined || typeof all === 'string' || !Array.isArray(all)) return;
  const ranges = all.filter((one) => one !== 'host');
  if (ranges.length === 0) return;
  const cidr = (entry: string): string => (ipaddr.isValidCIDR(entry) ? entry : parseRange(entry));
  const isWithin = (one: string): boolean =>
    ranges.some((other) => other !== one && covers(cidr(other), cidr(one)));
  draft.set(
    'networks',
    ranges.filter((one) => !isWithin(one)),
  );
}
