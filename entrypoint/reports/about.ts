import type { About } from '../advice/advice.ts';
import { isAddress } from '../probe/senders.ts';
import { type Server, settingOf } from '../probe/servers.ts';
import { shownName } from '../settings/hiding/mask.ts';
import { displayName } from '../settings/naming/names.ts';

/** Prefix of the accounts' delivery services (render/accounts.ts). */
const ACCOUNT = 'account-';

/** The server that advice is about; undefined where mail goes straight to MX hosts. */
export function aboutServer(server: Server | undefined): About {
  const username = server?.login?.username;
  return {
    setting: settingOf(server?.path ?? 'relay'),
    ownAddress: username !== undefined && isAddress(username) ? username : undefined,
  };
}

/** The server whose mail a delivery service of master.cf takes. */
const serverOf = (service: string | undefined, servers: readonly Server[]): Server | undefined =>
  service?.startsWith(ACCOUNT)
    ? servers.find((server) => server.service === service)
    : servers.find(({ path }) => path === 'relay');

/** The server that a delivery service hands mail to. */
export function aboutService(service: string | undefined, servers: readonly Server[]): About {
  const server = serverOf(service, servers);
  // An account that is gone, or has another server by now.
  if (server === undefined && service?.startsWith(ACCOUNT)) {
    return { setting: (key) => ({ key, service }) };
  }
  return aboutServer(server);
}

/** By which account, and with which login, a delivery service sends; empty when it has neither. */
export function serviceWords(service: string | undefined, servers: readonly Server[]): string {
  if (service?.startsWith('accounts')) return ` by an account of the database (${service})`;
  const server = serverOf(service, servers);
  const place = server === undefined ? (service ?? '') : displayName(server.path);
  const account = service?.startsWith(ACCOUNT) ? ` by ${place}` : '';
  const login = server?.login;
  return login === undefined ? account : `${account} as ${shownName(login)}`;
}
