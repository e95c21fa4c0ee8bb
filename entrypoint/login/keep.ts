import { rmSync } from 'node:fs';
import { TOKENS } from '../companion/programs.ts';
import { endOfGrant, type GrantOwner, keepGrant } from '../companion/tokens/grants.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import type { OAuth2 } from '../settings/oauth2.ts';
import type { LoggedIn } from './log-in.ts';

/**
 * Keeps the refresh token of a login, and has the keeper of tokens look at once. It is not in the
 * middle of its work meanwhile: an answer to the grant before would take the new one's place.
 */
export const keepLogin = (
  owner: GrantOwner & { readonly oauth2: Pick<OAuth2, 'provider'> },
  { refreshToken, grantLife }: Extract<LoggedIn, { kind: 'tokens' }>,
): Promise<void> =>
  oneAtATime(async () => {
    keepGrant(owner, { refreshToken, endsAt: endOfGrant(owner.oauth2, grantLife) });
    rmSync(TOKENS.dueFile, { force: true });
  }, 'companion');
