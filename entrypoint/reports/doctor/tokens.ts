import type { TokenTrouble } from '../../advice/trouble.ts';
import { serversOf } from '../../probe/servers.ts';
import { words } from '../../settings/sentence.ts';
import type { Login, Settings } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { type Finding, ok, wrong } from './finding.ts';

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
