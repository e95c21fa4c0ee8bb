import { isIP } from 'node:net';
import type { TokenTrouble } from '../../advice/trouble.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import type { ProbeContext } from '../../probe/context.ts';
import { isPublic } from '../../probe/receivers/outside-address.ts';
import { lookAsReceiver } from '../../probe/receivers/receivers.ts';
import type { ProbeResult } from '../../probe/result.ts';
import { inAllMailAs, leavesAs, sendersAt, sendingDomains } from '../../probe/senders.ts';
import { mailServerOf, serversOf } from '../../probe/servers.ts';
import { probe } from '../../probe/walk.ts';
import { words } from '../../settings/naming/sentence.ts';
import type { Login, Route, Settings } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { askForKey } from './asked-tables.ts';
import { type Finding, ok, wrong } from './diagnosis.ts';
import { directFinding, domainsToTry } from './direct.ts';
import { dkimFinding, outsideUnknown, type PublishedKey, receiverFindings } from './receivers.ts';
import { routeOf } from './sender-route.ts';
import { serverFindings } from './server.ts';

/** The input of the outer checks. */
export interface OutsideView {
  readonly context: ProbeContext;
  /** The addresses of this container's interfaces. */
  readonly own: readonly string[];
  readonly messages: Promise<readonly QueuedMessage[]>;
  /** The keys that mail is signed with, and what the DNS has of them. */
  readonly keys: Promise<readonly PublishedKey[]>;
}

/** Every server at the same time, so that all of it takes as long as the slowest. */
export async function outsideFindings(
  settings: Settings,
  view: OutsideView,
): Promise<readonly Finding[]> {
  const { route } = settings;
  const [keys, ...findings] = await Promise.all([
    view.keys,
    ...serversOf(settings).map(async (server) =>
      serverFindings(await probe(server, sendersAt(server, settings), view.context), settings),
    ),
    ...(route.kind === 'direct' ? [directFindings(route, settings, view)] : []),
  ]);
  return [...findings.flat(), ...keys.map(dkimFinding)];
}

/** The route of one sender's mail: its account by the tables in force, and its server. */
export async function senderFindings(
  sender: string,
  settings: Settings,
  context: ProbeContext,
): Promise<readonly Finding[]> {
  // Postfix asks for the account under the name that canonical has given (cleanup(8)).
  const known = inAllMailAs(settings, sender);
  const { server, findings } = await routeOf(known, settings, askForKey);
  if (server === undefined) return findings;
  const result = await probe(server, [server.sendAs ?? leavesAs(settings, known)], context);
  return [...findings, ...serverFindings(result, settings)];
}

/** Mail that goes straight to its recipients: the way out, and what receivers see of this relay. */
async function directFindings(
  route: Extract<Route, { kind: 'direct' }>,
  settings: Settings,
  { context, messages, own, keys }: OutsideView,
): Promise<readonly Finding[]> {
  const servers = domainsToTry(await messages).map((domain) => mailServerOf(domain, route));
  const results = await Promise.all(servers.map((server) => probe(server, [], context)));
  const found = results.map(directFinding);
  // A DNS server without answers cannot tell about this relay either.
  if (found.every(({ kind }) => kind === 'resolver')) return found;
  const addresses = outsideAddresses(settings, results, { own, context });
  const { myhostname: helo, blockLists, signing } = settings;
  const domains = sendingDomains(settings);
  const signed = signing?.domains ?? [];
  const published = (await keys).filter(({ inDns }) => inDns.kind === 'there');
  const looks = await lookAsReceiver(
    {
      ...{ addresses, helo, domains, signed, blockLists },
      published: published.map(({ domain }) => domain),
    },
    context.names.resolver,
  );
  return [
    ...found,
    ...(addresses.length === 0 ? [outsideUnknown] : []),
    ...receiverFindings(looks),
  ];
}

/**
 * As the Internet sees this relay, in the families that it sends by: what the settings say, and of what
 * its interfaces have and servers say they see, what is public.
 */
export function outsideAddresses(
  { parameters }: Pick<Settings, 'parameters'>,
  results: readonly ProbeResult[],
  { own, context }: Pick<OutsideView, 'own' | 'context'>,
): readonly string[] {
  const given = parameters.find(({ from }) => from === 'proxy_interfaces')?.to ?? '';
  const seen = results.flatMap(({ facts }) =>
    facts.flatMap((fact) => (fact.kind === 'seen-as' ? [fact.address] : [])),
  );
  const all = [...given.split(/[\s,]+/), ...[...own, ...seen].filter(isPublic)];
  return [...new Set(all)].filter((one) => context.families.some((family) => family === isIP(one)));
}

/** The access token of each login by OAuth 2: whether it is renewed. */
export const tokenFindings = (
  settings: Settings,
  troubleOf: (login: Login) => TokenTrouble | undefined,
): readonly Finding[] =>
  serversOf(settings).flatMap((server): readonly Finding[] => {
    const { login } = server;
    if (login?.oauth2 === undefined) return [];
    const subject = `OAuth 2 token for ${login.username}`;
    const trouble =
      troubleOf(login) ?? (login.password === '' ? { kind: 'token' as const } : undefined);
    return trouble === undefined
      ? [ok('token', subject, words`is there, and is renewed in time`)]
      : [wrong(subject, trouble, aboutServer(server))];
  });
