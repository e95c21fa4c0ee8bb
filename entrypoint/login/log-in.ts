/**
 * A user logs in, in four steps:
 *
 *   1. where: the settings, the provider, or its metadata say it     ways.ts
 *   2. by a code for any device, where the provider has that         device.ts
 *      or else by a browser                                          browser.ts
 *   3. the answer has to have a refresh token in it
 *   4. whoever calls keeps it                                        keep.ts
 */
import type { TokenTrouble } from '../advice/trouble.ts';
import { endpointOf, type TokenAnswer } from '../companion/tokens/endpoint.ts';
import type { HttpsProxy } from '../settings/facts.ts';
import type { OAuth2 } from '../settings/oauth2.ts';
import { byBrowser } from './browser.ts';
import { byDevice } from './device.ts';
import type { Terminal } from './line-terminal.ts';
import { waysOf } from './ways.ts';

/** The result of a login. */
export type LoggedIn =
  | {
      readonly kind: 'tokens';
      readonly accessToken: string;
      readonly refreshToken: string;
      readonly grantLife: number | undefined;
    }
  | { readonly kind: 'trouble'; readonly trouble: TokenTrouble };

/**
 * @param redirect where a browser is heard, if anywhere
 * @throws UserError when no answer comes, or the user cancels
 */
export async function logIn(
  { username, oauth2 }: { readonly username: string; readonly oauth2: OAuth2 },
  proxy: HttpsProxy,
  terminal: Terminal,
  redirect: string | undefined,
): Promise<LoggedIn> {
  const endpoint = await endpointOf(oauth2, proxy);
  const ways = await waysOf(endpoint);
  const trouble = ({ fault, detail = '' }: Pick<TokenTrouble, 'fault' | 'detail'>): LoggedIn => ({
    kind: 'trouble',
    trouble: { kind: 'token', ...(fault && { fault }), detail, provider: oauth2.provider },
  });
  if ('kind' in ways) return trouble(ways.failure);
  const { device, authorization, issuer } = ways;
  let answer: TokenAnswer;
  if (device !== undefined) {
    const server = { ...endpoint.server, device_authorization_endpoint: device };
    answer = await byDevice({ ...endpoint, server }, terminal);
  } else if (authorization !== undefined) {
    answer = await byBrowser(endpoint, { username, authorization, issuer, redirect }, terminal);
  } else {
    return trouble({ fault: 'no-way' });
  }
  if (answer.kind === 'failure') {
    const { fault, detail } = answer.failure;
    // The code of this login has expired.
    return trouble({ fault: fault === 'grant-ended' ? 'code-ended' : fault, detail });
  }
  const { accessToken, refreshToken, grantLife } = answer;
  if (refreshToken === undefined) return trouble({ fault: 'no-refresh-token' });
  return { kind: 'tokens', accessToken, refreshToken, grantLife };
}
