import { shownName } from '../../settings/mask.ts';
import { displayName } from '../../settings/names.ts';
import { type Server, type SettingName, settingName } from '../servers.ts';

/** The path of the settings behind a delivery service (master.cf): `account1` is accounts[0]. */
function settingsPath(service: string | undefined): string {
  const [, number] = /^account(\d+)$/.exec(service ?? '') ?? [];
  return number === undefined ? 'relay' : `accounts.${Number(number) - 1}`;
}

/** Names the settings of the server that a delivery service hands mail to. */
export const settingsOfService = (service: string | undefined): SettingName =>
  settingName(settingsPath(service));

/** By which account, and with which login, a delivery service sends; empty when it has neither. */
export function serviceWords(service: string | undefined, servers: readonly Server[]): string {
  if (service?.startsWith('accounts')) return ` by an account of the database (${service})`;
  const path = settingsPath(service);
  const account = path === 'relay' ? '' : ` by ${displayName(path)}`;
  const login = servers.find((server) => server.path === path)?.login;
  return login === undefined ? account : `${account} as ${shownName(login)}`;
}
