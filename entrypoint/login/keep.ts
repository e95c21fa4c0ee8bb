import { rmSync } from 'node:fs';
import { TOKENS } from '../companion/programs.ts';
import { type GrantOwner, keepGrant } from '../companion/tokens/grants.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import type { LoggedIn } from './log-in.ts';

/**
 * Keeps the refresh token of a login, and has the keeper of tokens look at once. It is not in the
 * middle of its work meanwhile: an answer to the grant before would take the new one's place.
 */
export const keepLogin = (
  owner: GrantOwner,
  { refreshToken, grantLife }: Extract<LoggedIn, { kind: 'tokens' }>,
): Promise<void> =>
  oneAtATime(async () => {
    const endsAt = grantLife === undefined ? undefined : Date.now() / 1000 + grantLife;
    keepGrant(owner, { refreshToken, endsAt });
    rmSync(TOKENS.dueFile, { force: true });
  }, 'companion');
