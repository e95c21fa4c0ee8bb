import { EXIT, UsageError, UserError } from '../cli/errors.ts';
import { nearest } from '../messages/nearest.ts';
import { type Server, serversOf } from '../probe/servers.ts';
import type { OAuth2 } from '../settings/oauth2.ts';
import type { Login, Settings } from '../settings/settings.ts';

/** A login by OAuth 2, and the servers that it is for. */
export interface OAuth2Login {
  readonly username: string;
  readonly oauth2: OAuth2;
  readonly servers: readonly Server[];
}

const identityOf = ({ username, oauth2 }: Login): string => JSON.stringify([username, oauth2]);

/** Every login by OAuth 2 that the settings name. */
export function oauth2Logins(settings: Settings): readonly OAuth2Login[] {
  const logins = new Map<string, OAuth2Login>();
  for (const server of serversOf(settings)) {
    const { login } = server;
    if (login?.oauth2 === undefined) continue;
    const { username, oauth2 } = login;
    const servers = [...(logins.get(identityOf(login))?.servers ?? []), server];
    logins.set(identityOf(login), { username, oauth2, servers });
  }
  return [...logins.values()];
}

/** The names of an account: its username, its sender, or its place in the settings. */
const namesOf = ({ username, servers }: OAuth2Login): readonly string[] =>
  [username, ...servers.flatMap(({ sender = '', path }) => [sender, path])]
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());

/** Usernames; where several accounts have the same one, what chooses each. */
const shownNames = (logins: readonly OAuth2Login[]): readonly string[] =>
  logins.map(({ username, servers: [server] }) => {
    const isAlone = logins.filter((login) => login.username === username).length === 1;
    return isAlone ? username : (server?.sender ?? server?.path ?? username);
  });

/**
 * The login that is meant.
 * @param name undefined: the only one
 * @param isWanted whether a login is a candidate when the user gives no name
 * @throws UserError when no login fits, or UsageError when several fit
 */
export function chooseLogin(
  settings: Settings,
  name: string | undefined,
  isWanted: (login: OAuth2Login) => boolean,
): OAuth2Login {
  const logins = oauth2Logins(settings);
  if (logins.length === 0) {
    throw new UserError(
      'no account logs in by OAuth 2: give RELAY_OAUTH2_PROVIDER (microsoft or google) and ' +
        'RELAY_OAUTH2_CLIENT_ID, then start the relay anew',
      EXIT.configuration,
    );
  }
  const found =
    name === undefined
      ? logins.filter(isWanted)
      : logins.filter((login) => namesOf(login).includes(name.toLowerCase()));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const all = shownNames(first === undefined ? logins : found);
  const list = all.join(', ');
  if (first !== undefined) throw new UsageError(`which account? One of: ${list}`);
  if (name === undefined) throw new UserError(otherKind(list), EXIT.failed);
  const near = nearest(name, all);
  const right = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw new UsageError(`no account "${name}" logs in by OAuth 2${right}; there is: ${list}`);
}

const otherKind = (list: string): string =>
  `${list}: "hikyaku login" is for a user, "hikyaku login --app" for an application that logs in by itself`;

export const isUsers = ({ oauth2 }: OAuth2Login): boolean => oauth2.grant.kind === 'user';
