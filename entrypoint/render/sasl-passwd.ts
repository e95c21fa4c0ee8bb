import { tableText } from '../postfix/cf-syntax.ts';
import { type Login, relayHostsOf, type Settings } from '../settings/settings.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, SECRET } from './file.ts';
import { senderKeys } from './send-as.ts';

const HEAD = 'Logins at the providers, by relay host or by sender. Written by hikyaku at start.';

const credentials = ({ username, password }: Login): string => `${username}:${password}`;

/** The table of logins, or undefined without logins. Only root may read it and its index. */
export function saslPasswd(settings: Settings): RenderedFile | undefined {
  const { route, accounts, mapType } = settings;
  const relay = relayHostsOf(route).flatMap((host) =>
    host.login === undefined ? [] : [[nexthop(host), credentials(host.login)] as const],
  );
  const senders = accounts.flatMap(({ by, match, relayHost: { login } }) =>
    by !== 'sender' || login === undefined
      ? []
      : senderKeys(match, settings).map((key) => [key, credentials(login)] as const),
  );
  const rows = [...relay, ...senders];
  if (rows.length === 0) return undefined;
  return { ...configFile('sasl_passwd', tableText(HEAD, rows), SECRET), index: mapType };
}

/**
 * The table with the logins of servers that only the one before it had. Mail that was on its way to
 * such a server when the settings changed would find no login there, and come back to its sender.
 * Logins of senders are not kept: they would be good for whatever server the sender has now.
 * @param former the content of the table before
 */
export function withFormerLogins(table: RenderedFile, former: string): RenderedFile {
  const keys = new Set(entriesOf(table.content).map(keyOf));
  const gone = entriesOf(former).filter((entry) => {
    const key = keyOf(entry);
    return !keys.has(key) && !key.includes('@');
  });
  return { ...table, content: table.content + gone.map((entry) => `${entry}\n`).join('') };
}

/** The entries of a table that was written here: key and value. */
export const rowsOf = (content: string): readonly (readonly [string, string])[] =>
  entriesOf(content).map((entry) => [keyOf(entry), entry.slice(keyOf(entry).length + 1)]);

const entriesOf = (content: string): readonly string[] =>
  content.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const keyOf = (entry: string): string => entry.split('\t')[0] ?? '';
