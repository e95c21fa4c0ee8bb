import { type Server, type SettingName, settingName } from '../probe/servers.ts';
import { serviceName } from '../render/accounts.ts';
import { shownName } from '../settings/mask.ts';
import { displayName } from '../settings/names.ts';

/** What the names of the accounts' delivery services begin with (render/accounts.ts). */
const ACCOUNT = 'account-';

/** The server whose mail a delivery service of master.cf takes. */
const serverOf = (service: string | undefined, servers: readonly Server[]): Server | undefined =>
  service?.startsWith(ACCOUNT)
    ? servers.find(
        ({ sender, ...relayHost }) =>
          sender !== undefined && serviceName({ sender, relayHost }) === service,
      )
    : servers.find(({ path }) => path === 'relay');

/** Names the settings of the server that a delivery service hands mail to. */
export function settingsOfService(
  service: string | undefined,
  servers: readonly Server[],
): SettingName {
  const server = serverOf(service, servers);
  // An account that is gone, or has another server by now.
  if (server === undefined && service?.startsWith(ACCOUNT)) {
    return (key) => `"${key}" of the account that was ${service}`;
  }
  return settingName(server?.path ?? 'relay');
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
