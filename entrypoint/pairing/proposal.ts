/**
 * Changes that would let a refused device send: a table from trouble to changes, the narrowest
 * first. Each change admits only one address or one login.
 */

import type { Trouble } from '../advice/trouble.ts';
import type { Attempt } from '../log/event.ts';
import type { Visit } from '../log/visit.ts';
import { serversOf } from '../probe/servers.ts';
import { aboutService } from '../reports/about.ts';
import type { Change } from '../settings/changes.ts';
import { covers, hostRange } from '../settings/ranges.ts';
import type { Settings } from '../settings/settings.ts';
import { IMPLICIT_TLS_PORT } from '../settings/validators/plain.ts';

/** How a device is to connect, where that has to be another way than it tried. */
export interface Connection {
  readonly port: number;
  readonly security: 'none' | 'STARTTLS' | 'SSL/TLS';
}

export interface Proposal {
  /** Empty: the settings are right, and the device needs other settings. */
  readonly changes: readonly Change[];
  readonly connection?: Connection;
  /** Whether the device gets a new login. */
  readonly isLogin?: true;
}

/** A login for a device that insists on one. */
export interface NewLogin {
  readonly username: string;
  readonly password: string;
}

/** The context of the visit. */
export interface Context {
  readonly settings: Settings;
  /** Proposals that did not help, by their key. */
  readonly tried: ReadonlySet<string>;
  readonly login: NewLogin;
}

/** Identifies a proposal. */
export const keyOf = ({ changes, connection }: Proposal): string =>
  [...changes.map((one) => `${one.path} ${'set' in one ? one.set : one.add}`), connection?.port]
    .filter((part) => part !== undefined)
    .join('; ');

/** The reason for the refusal: the first one that a change can mend, or else the first one. */
export function obstacle(visit: Visit, context: Context): Trouble | undefined {
  const troubles = visit.refusals.map(({ trouble }) => inFact(trouble, visit, context));
  return troubles.find((one) => candidates(visit, one, context).length > 0) ?? troubles[0];
}

/** A login that is not offered without TLS looks in the log like one that is not there. */
const inFact = (trouble: Trouble, { tls }: Visit, { settings }: Context): Trouble =>
  trouble.kind === 'login-not-offered' && tls === undefined && settings.submission.logins.length > 0
    ? { kind: 'client-login-clear' }
    : trouble;

/** The narrowest proposal that was not tried yet; undefined if the device needs other settings. */
export const propose = (visit: Visit, trouble: Trouble, context: Context): Proposal | undefined =>
  candidates(visit, trouble, context).find((one) => !context.tried.has(keyOf(one)));

/**
 * Whether several clients may share an address, as behind a published port. No change can admit
 * only one of them.
 */
export function isShared({ clients }: Settings, address: string): boolean {
  const { gateways, outerGateways, own, ingress } = clients;
  return (
    [...gateways, ...outerGateways, ...own].includes(address) ||
    ingress.some((range) => covers(range, hostRange(address)))
  );
}

/** A list of settings that gets the device's address, unless that stands for others. */
const forAddress = (path: string, { client }: Visit, { settings }: Context): readonly Proposal[] =>
  isShared(settings, client) ? [] : [{ changes: [{ path, add: client }] }];

const OFFER: Change = { path: 'submission.tls', set: 'offer' };

const newLogin = ({ username, password }: NewLogin): readonly Change[] => [
  { path: 'submission.username', set: username },
  { path: 'submission.password', set: password },
];

/** For a device that wants to log in, or leaves since it may not. */
function forLogin(visit: Visit, context: Context): readonly Proposal[] {
  const { settings, login } = context;
  const hasLogin = settings.submission.logins.length > 0;
  const changes = hasLogin ? [] : newLogin(login);
  const withLogin: Proposal = { changes, ...(hasLogin ? {} : { isLogin: true }) };
  // A device with TLS lacks only a login. If a login exists, the relay has offered it.
  if (visit.tls !== undefined) return hasLogin ? [] : [withLogin];
  const inClear = forAddress('submission.clear_networks', visit, context).map((one) => ({
    ...withLogin,
    changes: [...changes, ...one.changes],
  }));
  // A login comes with STARTTLS, which many devices take as soon as they see it.
  return hasLogin ? inClear : [withLogin, ...inClear];
}

function candidates(visit: Visit, trouble: Trouble, context: Context): readonly Proposal[] {
  const { settings, login } = context;
  switch (trouble.kind) {
    case 'by-setting':
      return bySetting(trouble.setting, visit, context);
    case 'client-not-allowed':
      return bySetting('RELAY_NETWORKS', visit, context);
    case 'login-not-offered':
      return forLogin(visit, context);
    case 'left-after-ehlo':
      return settings.submission.tls === 'none' && visit.tls === undefined
        ? [{ changes: [OFFER] }, ...forLogin(visit, context).slice(1)]
        : forLogin(visit, context).slice(visit.tls === undefined ? -1 : 0);
    case 'starttls-not-offered':
    case 'client-tls-wanted':
      return settings.submission.tls === 'offer' ? [] : [{ changes: [OFFER] }];
    case 'client-login-clear':
      return forAddress('submission.clear_networks', visit, context);
    case 'client-tls-first':
      return [
        {
          changes: settings.listen.includes(IMPLICIT_TLS_PORT)
            ? []
            : [{ path: 'listen', add: String(IMPLICIT_TLS_PORT) }],
          connection: { port: IMPLICIT_TLS_PORT, security: 'SSL/TLS' },
        },
      ];
    case 'client-no-tls':
      return [{ changes: [], connection: { port: plainPort(settings), security: 'none' } }];
    case 'client-tls-old':
      return forOldTls(settings);
    case 'client-gone':
      return forAddress('submission.bare_lf_networks', visit, context);
    case 'message-too-large':
      return [{ changes: [{ path: 'message_size', set: `${2 * megabytes(settings)}MB` }] }];
    default:
      return [];
  }
  function bySetting(name: string, { refusals }: Visit, all: Context): readonly Proposal[] {
    const [refusal] = refusals.filter((one) => one.trouble === trouble);
    const add = (path: string, address: string | undefined): readonly Proposal[] =>
      address === undefined || address === '' ? [] : [{ changes: [{ path, add: address }] }];
    if (name === 'RELAY_ALLOWED_SENDERS') return add('allowed_senders', refusal?.from);
    if (name === 'RELAY_ALLOWED_RECIPIENTS') return add('allowed_recipients', refusal?.to);
    if (name !== 'RELAY_NETWORKS' && name !== 'RELAY_TRUST_GATEWAY') return [];
    if (!isShared(settings, visit.client)) return forAddress('networks', visit, all);
    const isThere = settings.submission.logins.length > 0;
    return [{ changes: isThere ? [] : newLogin(login), isLogin: true }];
  }
}

const megabytes = ({ messageSize }: Settings): number => Math.ceil(messageSize / 2 ** 20);

const plainPort = ({ listen }: Settings): number =>
  listen.find((port) => port !== IMPLICIT_TLS_PORT) ?? 25;

/** A separate port for machines with an old TLS version, if none exists yet. */
function forOldTls({ submission: { oldTlsPort }, listen, page }: Settings): readonly Proposal[] {
  const port = oldTlsPort ?? [2525, 2526].find((one) => ![...listen, page?.listen].includes(one));
  if (port === undefined) return [];
  const changes =
    oldTlsPort === undefined ? [{ path: 'submission.old_tls_port', set: String(port) }] : [];
  return [{ changes, connection: { port, security: 'STARTTLS' } }];
}

const ABOUT_SENDERS: readonly (Trouble['kind'] | undefined)[] = [
  'sender',
  'sender-unverified',
  'sender-domain',
];

/** For mail whose sender the provider does not accept: all mail leaves as the account's own address. */
export function proposeForAttempt(
  attempt: Attempt,
  { settings, tried }: Context,
): Proposal | undefined {
  const { trouble, service } = attempt;
  const servers = serversOf(settings);
  const { ownAddress } = aboutService(service, servers);
  const isAccount = service?.startsWith('account') === true;
  if (isAccount || ownAddress === undefined || !ABOUT_SENDERS.includes(trouble?.kind))
    return undefined;
  const proposal: Proposal = { changes: [{ path: 'send_as', set: ownAddress }] };
  return tried.has(keyOf(proposal)) ? undefined : proposal;
}
