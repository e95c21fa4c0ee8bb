import { applied, lookUp, type Origin } from '../postfix/address-lookup.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';
import { addressForm } from '../settings/validators/address.ts';
import { type Server, serverFor, serversOf } from './servers.ts';

/** Maximum number of senders to ask about. Each costs the provider two commands. */
const MOST = 5;

/**
 * The sender addresses that a server should take, as they are when mail leaves: the account's own,
 * the allowed ones, what generic rewrites to, the login when it is an address, and what mail from a
 * bare user name (cron's root) gets.
 */
export function sendersAt(server: Server, settings: Settings): readonly string[] {
  if (server.sendAs !== undefined) return [server.sendAs];
  const { generic, allowedSenders, myorigin } = settings;
  const servers = serversOf(settings);
  const goesHere = (address: string): boolean => {
    const taker = serverFor(servers, inAllMailAs(settings, address));
    return taker?.path === server.path || server.path.startsWith('relay.backups');
  };
  const own = [server.sender ?? '', ...allowedSenders].filter(isAddress).filter(goesHere);
  const everybody = [server.login?.username ?? '', ...generic.map(({ to }) => to)];
  const relay = server.path.startsWith('relay') && allowedSenders.length === 0;
  const root = [`root@${myorigin}`].filter(goesHere);
  const all = relay ? [...own, ...root, ...everybody.filter(isAddress)] : own;
  const leaving = all.map((one) => leavesAs(settings, inAllMailAs(settings, one)));
  return [...new Set(leaving)].slice(0, MOST);
}

/** The address that a sender's mail leaves as by a setting (send_as); undefined without one. */
export const sentAs = (settings: Settings, sender: string): string | undefined =>
  (serverFor(serversOf(settings), sender) ?? settings.route).sendAs;

/** The domains of what goes straight to recipients, as they are when mail leaves. */
export function sendingDomains(settings: Settings): readonly string[] {
  const { generic, allowedSenders, myorigin, signing, route } = settings;
  const senders = allowedSenders.length > 0 ? allowedSenders : [`root@${myorigin}`];
  const leaving = senders.map((one) =>
    isAddress(one) ? leavesAs(settings, inAllMailAs(settings, one)) : one,
  );
  const addresses =
    route.sendAs === undefined ? [...leaving, ...generic.map(({ to }) => to)] : [route.sendAs];
  const domains = [
    ...addresses
      .filter((one) => one.includes('@'))
      .map((one) => one.slice(one.lastIndexOf('@') + 1)),
    ...(signing?.domains ?? []),
  ];
  return [...new Set(domains.map((one) => one.toLowerCase()))].slice(0, MOST);
}

/** Whether a text is a complete mail address. */
export const isAddress = (text: string): boolean => addressForm(text) === 'address';

/** A table's result for an address (canonical(5) and generic(5), "TABLE SEARCH ORDER"). */
function rewritten(
  rows: readonly Row[],
  address: string,
  { myorigin }: Pick<Settings, 'myorigin'>,
  keepExtension: boolean,
): string {
  const origin: Origin = { myorigin, delimiter: '+' };
  const table = new Map(rows.map(({ from, to }) => [from.toLowerCase(), to]));
  const hit = lookUp(table, address, origin);
  if (hit === undefined) return address;
  const to = applied(address, hit.value, hit.extension, keepExtension);
  return to.includes('@') ? to : `${to}@${myorigin}`;
}

/** The address that another becomes when mail leaves, where Postfix keeps no extension. */
export const leavesAs = (settings: Settings, address: string): string =>
  rewritten(settings.generic, address, settings, false);

/** The settings refuse tables that lead on for longer (checkCircles in settings/rules/addresses/address-tables.ts). */
const MOST_STEPS = 10;

/**
 * The address that another becomes in all mail: canonical is asked again about what it said, and
 * keeps the extension (canonical(5); propagate_unmatched_extensions in postconf(5)).
 */
export function inAllMailAs(settings: Settings, address: string): string {
  let current = address;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = rewritten(settings.canonical, current, settings, true);
    if (next.toLowerCase() === current.toLowerCase()) break;
    current = next;
  }
  return current;
}
