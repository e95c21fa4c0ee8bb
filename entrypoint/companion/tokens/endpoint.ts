/** An endpoint of a provider, as it is asked here: who asks, how it is reached, what it answered. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  customFetch,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
} from 'oauth4webapi';
import { isSystemError } from '../../cli/errors.ts';
import type { HttpsProxy } from '../../settings/facts.ts';
import type { ClientProof, OAuth2 } from '../../settings/oauth2.ts';
import { failureOf, failureOfConnection, type TokenFailure } from './failure.ts';
import { fetchBy } from './https.ts';

/** A token, or why it is missing. */
export type TokenAnswer =
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      /** Seconds; undefined where the endpoint does not say. */
      readonly life: number | undefined;
      /** A new refresh token, which stands in the place of the one that was sent. */
      readonly refreshToken: string | undefined;
      /** How long the grant lasts, in seconds; undefined where the endpoint does not say. */
      readonly grantLife: number | undefined;
    }
  | Failed;

export interface Failed {
  readonly kind: 'failure';
  readonly failure: TokenFailure;
}

export interface Endpoint {
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly proof: ClientAuth;
  readonly options: ReturnType<typeof optionsFor>;
  readonly oauth2: OAuth2;
  readonly proxy: HttpsProxy;
}

const optionsFor = ({ ca }: OAuth2, proxy: HttpsProxy) => ({
  [customFetch]: fetchBy({ proxy, ca }),
  [allowInsecureRequests]: false,
});

export async function endpointOf(oauth2: OAuth2, proxy: HttpsProxy): Promise<Endpoint> {
  const { tokenEndpoint, deviceEndpoint, authorizationEndpoint, clientId, grant } = oauth2;
  return {
    server: {
      // Some endpoints are asked by the name of themselves, as assertions have it.
      issuer: tokenEndpoint,
      token_endpoint: tokenEndpoint,
      ...(deviceEndpoint !== undefined && { device_authorization_endpoint: deviceEndpoint }),
      ...(authorizationEndpoint !== undefined && {
        authorization_endpoint: authorizationEndpoint,
      }),
    },
    client: { client_id: grant.kind === 'service account' ? grant.email : clientId },
    // A service account's assertion says who asks; such a client has no number of its own.
    proof: 'proof' in grant ? await proofOf(grant.proof, tokenEndpoint) : () => {},
    options: optionsFor(oauth2, proxy),
    oauth2,
    proxy,
  };
}

async function proofOf(proof: ClientProof, tokenEndpoint: string): Promise<ClientAuth> {
  switch (proof.kind) {
    case 'none':
      return None();
    case 'secret':
      return ClientSecretPost(proof.secret);
    case 'certificate': {
      const key = createPrivateKey(proof.key).toCryptoKey(
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        false,
        ['sign'],
      );
      const { raw } = new X509Certificate(proof.certificate);
      const thumbprint = createHash('sha256').update(raw).digest('base64url');
      // Microsoft finds the certificate by its thumbprint ("Certificate credentials").
      return PrivateKeyJwt(key, {
        [modifyAssertion](header, payload) {
          header['x5t#S256'] = thumbprint;
          payload['aud'] = tokenEndpoint;
        },
      });
    }
  }
}

/** Asks for something, and reads the answer. */
export async function asked<T>(
  endpoint: Endpoint,
  ask: () => Promise<Response>,
  read: (response: Response) => Promise<T>,
): Promise<{ readonly kind: 'answer'; readonly answer: T } | Failed> {
  let response: Response | undefined;
  try {
    response = await ask();
    return { kind: 'answer', answer: await read(response) };
  } catch (fault) {
    return { kind: 'failure', failure: failureFrom(fault, response, endpoint) };
  }
}

/** Asks for a token. */
export async function askedForToken(
  endpoint: Endpoint,
  ask: () => Promise<Response>,
): Promise<TokenAnswer> {
  const { server, client } = endpoint;
  const given = await asked(endpoint, ask, async (response) =>
    processGenericTokenEndpointResponse(server, client, await withoutIdToken(response)),
  );
  if (given.kind === 'failure') return given;
  const { answer } = given;
  const { refresh_token_expires_in: grantLife } = answer;
  return {
    kind: 'token',
    accessToken: answer.access_token,
    life: answer.expires_in,
    refreshToken: answer.refresh_token,
    // Google's word, and Microsoft's for some.
    grantLife: typeof grantLife === 'number' && grantLife > 0 ? grantLife : undefined,
  };
}

/**
 * Who the user is does not matter here. An ID token that came along with a scope of `openid` would be
 * judged, and the name of its issuer is not known.
 */
async function withoutIdToken(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof answer !== 'object' || answer === null || !('id_token' in answer)) return response;
  const { id_token: _, ...rest } = answer;
  return new Response(JSON.stringify(rest), response);
}

/** Why an endpoint was not asked, or what its answer was instead. */
export function failureFrom(
  fault: unknown,
  response: Response | undefined,
  { oauth2: { grant }, proxy }: Pick<Endpoint, 'oauth2' | 'proxy'>,
): TokenFailure {
  const isSigned =
    grant.kind === 'service account' || ('proof' in grant && grant.proof.kind === 'certificate');
  const now = Date.now();
  if (fault instanceof ResponseBodyError) {
    const { status, error, error_description: description = '' } = fault;
    return failureOf(
      { status, error, description, ...timesIn(fault.response.headers, now) },
      isSigned,
    );
  }
  if (response !== undefined) {
    const { status, headers } = response;
    if (status === 429 || status >= 500) {
      const answer = { status, error: `HTTP ${status}`, description: '' };
      return failureOf({ ...answer, ...timesIn(headers, now) }, isSigned);
    }
    const detail = `HTTP ${status}, ${headers.get('content-type') ?? 'no type'}`;
    return { fault: 'not-oauth', isTemporary: true, detail };
  }
  const cause = innermost(fault);
  const code = isSystemError(cause) ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  return failureOfConnection(code, message, proxy.https !== '');
}

const innermost = (fault: unknown): unknown =>
  fault instanceof Error && fault.cause !== undefined ? innermost(fault.cause) : fault;

/** The times in the headers: Date, and Retry-After in either form (RFC 9110). */
function timesIn(headers: Headers, now: number) {
  const date = Date.parse(headers.get('date') ?? '');
  const wish = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(wish) ? Number(wish) : (Date.parse(wish) - now) / 1000;
  return {
    clockAhead: Number.isNaN(date) ? 0 : (date - now) / 1000,
    retryAfter: seconds > 0 ? seconds : undefined,
  };
}
