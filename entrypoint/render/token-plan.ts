import type { HttpsProxy } from '../settings/facts.ts';
import type { OAuth2 } from '../settings/oauth2.ts';
import { type Login, relayHostsOf, type Settings } from '../settings/settings.ts';
import type { MapType } from '../settings/table.ts';
import { loginTable } from './accounts.ts';
import { nexthop } from './destination.ts';
import { configFile, type RenderedFile, SECRET } from './file.ts';
import { rowsOf } from './sasl-passwd.ts';
import { senderKeys } from './send-as.ts';

/** The name of the file that tells the companion which tokens to keep. */
export const TOKEN_PLAN = 'oauth2_logins';

/** An entry in a table of logins: sasl_passwd, or the table of one account. */
export interface Entry {
  readonly table: string;
  readonly key: string;
}

/** One grant, and the entries that its tokens belong into. */
export interface TokenLogin {
  readonly entries: readonly Entry[];
  readonly username: string;
  readonly oauth2: OAuth2;
}

/** The data that the companion needs to keep tokens. */
export interface TokenPlan {
  readonly logins: readonly TokenLogin[];
  readonly proxy: HttpsProxy;
  readonly mapType: MapType;
}

/** The values that two logins of one grant share. */
const identityOf = ({ username, oauth2 }: Login): string => JSON.stringify([username, oauth2]);

/** Each login with its entries: by relay host, or by what chooses the account. */
function loginsOf(settings: Settings): readonly { readonly entry: Entry; readonly login: Login }[] {
  const relay = relayHostsOf(settings.route).map((host) => ({
    entry: { table: 'sasl_passwd', key: nexthop(host) },
    login: host.login,
  }));
  const accounts = settings.accounts.flatMap((account) => {
    const { by, match, relayHost } = account;
    const keys = by === 'sender' ? senderKeys(match, settings) : [nexthop(relayHost)];
    return keys.map((key) => ({
      entry: { table: loginTable(account), key },
      login: relayHost.login,
    }));
  });
  return [...relay, ...accounts].flatMap(({ entry, login }) =>
    login === undefined ? [] : [{ entry, login }],
  );
}

/** The logins by OAuth 2: one for each grant, however many entries it has. */
export function tokenLogins(settings: Settings): readonly TokenLogin[] {
  const logins = new Map<string, TokenLogin>();
  for (const { entry, login } of loginsOf(settings)) {
    if (login.oauth2 === undefined) continue;
    const identity = identityOf(login);
    const entries = [...(logins.get(identity)?.entries ?? []), entry];
    logins.set(identity, { entries, username: login.username, oauth2: login.oauth2 });
  }
  return [...logins.values()];
}

/** The file for the companion; undefined without OAuth 2. It holds secrets: only root reads it. */
export function tokenPlan(settings: Settings): readonly RenderedFile[] {
  const logins = tokenLogins(settings);
  if (logins.length === 0) return [];
  const plan: TokenPlan = { logins, proxy: settings.proxy, mapType: settings.mapType };
  return [configFile(TOKEN_PLAN, `${JSON.stringify(plan, undefined, 2)}\n`, SECRET)];
}

/**
 * The same settings with the access tokens that are in force: a table that is written anew keeps
 * them until there are newer ones.
 * @param contentOf the content of a table of logins; empty for a missing table
 */
export function withTokens(settings: Settings, contentOf: (table: string) => string): Settings {
  const tokens = new Map(
    loginsOf(settings).flatMap(({ entry: { table, key }, login }) => {
      const value = new Map(rowsOf(contentOf(table))).get(key) ?? '';
      const isSame = login.oauth2 !== undefined && value.startsWith(`${login.username}:`);
      return isSame ? [[login, value.slice(login.username.length + 1)] as const] : [];
    }),
  );
  const fill = <H extends { readonly login: Login | undefined }>(host: H): H => {
    const token = host.login && tokens.get(host.login);
    return token === undefined ? host : { ...host, login: { ...host.login, password: token } };
  };
  const { route, accounts } = settings;
  return {
    ...settings,
    route: route.kind === 'direct' ? route : { ...fill(route), backups: route.backups.map(fill) },
    accounts: accounts.map((account) => ({ ...account, relayHost: fill(account.relayHost) })),
  };
}

/** A table of logins with a new token in one entry, if that is still the login's. */
export const withToken = (content: string, key: string, username: string, token: string): string =>
  content
    .split('\n')
    .map((line) =>
      line.startsWith(`${key}\t${username}:`) ? `${key}\t${username}:${token}` : line,
    )
    .join('\n');
