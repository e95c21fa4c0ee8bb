import type { Login, Settings } from '../settings/settings.ts';
import { tableText } from './cf-syntax.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, SECRET } from './file.ts';

const HEAD = 'Logins at the providers, by relay host or by sender. Written by hikyaku at start.';

const credentials = ({ username, password }: Login): string => `${username}:${password}`;

/** The table of logins, or undefined when there is none. Root's alone, as its index will be. */
export function saslPasswd({ route, accounts, mapType }: Settings): RenderedFile | undefined {
  const hosts = route.kind === 'relay' ? [route, ...route.backups] : [];
  const relay = hosts.flatMap((host) =>
    host.login === undefined ? [] : [[nexthop(host), credentials(host.login)] as const],
  );
  const senders = accounts.flatMap(({ sender, relayHost: { login } }) =>
    login === undefined ? [] : [[sender, credentials(login)] as const],
  );
  const rows = [...relay, ...senders];
  if (rows.length === 0) return undefined;
  return { ...configFile('sasl_passwd', tableText(HEAD, rows), SECRET), index: mapType };
}
