/**
 * A login by a browser that may run elsewhere (RFC 8252, PKCE: RFC 7636). It ends at an address of
 * the browser's own machine. On the host, `./hikyaku login` listens there and passes the address
 * on. Otherwise the user pastes it. Either way it arrives as a line of input.
 */
import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  validateAuthResponse,
} from 'oauth4webapi';
import { EXIT, UserError } from '../cli/errors.ts';
import { askedForToken, type Endpoint, type TokenAnswer } from '../companion/tokens/endpoint.ts';
import { failureOf } from '../companion/tokens/failure.ts';
import type { Terminal } from './line-terminal.ts';
import { type Pasted, readPasted } from './pasted.ts';
import type { Ways } from './ways.ts';

/** A port without a listener: the browser shows an error, and the address in its bar. */
export const NOBODY_LISTENS = 'http://127.0.0.1:47025/';

export interface Browser {
  readonly username: string;
  readonly authorization: string;
  readonly issuer: Ways['issuer'];
  /** The browser's last address; undefined: no listener, and the user pastes the address. */
  readonly redirect: string | undefined;
}

export async function byBrowser(
  endpoint: Endpoint,
  { username, authorization, issuer, redirect }: Browser,
  terminal: Terminal,
): Promise<TokenAnswer> {
  const { client, proof, options, oauth2 } = endpoint;
  const server = { ...endpoint.server, ...(issuer !== undefined && { issuer }) };
  const verifier = generateRandomCodeVerifier();
  const state = generateRandomState();
  const back = redirect ?? NOBODY_LISTENS;
  const page = new URL(authorization);
  const parameters = {
    response_type: 'code',
    client_id: oauth2.clientId,
    redirect_uri: back,
    scope: oauth2.scope,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    login_hint: username,
    // Google needs these for a second refresh token, and other providers for the first.
    access_type: 'offline',
    prompt: 'consent',
  };
  for (const [name, value] of Object.entries(parameters)) page.searchParams.set(name, value);
  for (const line of shown(page.href, username, redirect !== undefined)) terminal.print(line);
  const pasted = await answerTo(state, terminal);
  if (pasted.kind === 'error') {
    const { error, description } = pasted;
    const failure = failureOf({ status: 400, error, description, clockAhead: 0 }, false);
    return { kind: 'failure', failure };
  }
  // There is only one server, and its issuer name may be unknown (RFC 9207).
  if (issuer === undefined) pasted.parameters.delete('iss');
  return askedForToken({ ...endpoint, server }, async () =>
    authorizationCodeGrantRequest(
      server,
      client,
      proof,
      validateAuthResponse(server, client, pasted.parameters, state),
      back,
      verifier,
      options,
    ),
  );
}

const shown = (page: string, username: string, isHeard: boolean): readonly string[] => [
  `1. Open this address in a browser, log in as ${username}, and allow it:`,
  '',
  page,
  '',
  ...(isHeard
    ? [
        '2. The browser comes back by itself. If it runs on another machine, it ends at a page that',
        '   cannot be reached: copy the address in its address bar, which begins with',
        '   http://127.0.0.1, and paste it here.',
      ]
    : [
        '2. The browser ends at a page that cannot be reached. That is right: copy the address in its',
        '   address bar, which begins with http://127.0.0.1, and paste it here.',
      ]),
  '',
];

/** So often an address that is no answer is asked for again. */
const MOST_TIMES = 5;

async function answerTo(
  state: string,
  { ask, print }: Terminal,
): Promise<Exclude<Pasted, { kind: 'another' }>> {
  for (let times = 1; ; times += 1) {
    const pasted = readPasted(await ask('Address: '), state);
    if (pasted.kind !== 'another') return pasted;
    if (times === MOST_TIMES) {
      const again = 'run "hikyaku login" again, and paste the address at which its browser ends';
      throw new UserError(`no answer to this login was pasted: ${again}`, EXIT.failed);
    }
    print(AGAIN[pasted.why]);
  }
}

const AGAIN: Readonly<Record<Extract<Pasted, { kind: 'another' }>['why'], string>> = {
  nothing: 'Nothing was pasted. Paste the address at which the browser ended.',
  'code alone': 'That is only the code. Paste the whole address, from http:// to its end.',
  page: "That is the address of the provider's own page. Log in there, and paste the address at which the browser ends.",
  login:
    'That address belongs to another login. Open the address above, not an older one, and paste where it ends.',
  address: 'That is not it: the address begins with http://127.0.0.1 and has "code=" in it.',
};
