import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  genericTokenEndpointRequest,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
  refreshTokenGrantRequest,
} from 'oauth4webapi';
import { isSystemError } from '../../cli/errors.ts';
import type { HttpsProxy } from '../../settings/facts.ts';
import type { ClientProof, OAuth2 } from '../../settings/oauth2.ts';
import { failureOf, failureOfConnection, type TokenFailure } from './failure.ts';
import { fetchBy } from './https.ts';

/** A token, or why there is none. */
export type TokenAnswer =
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      /** Seconds; undefined where the endpoint does not say. */
      readonly life: number | undefined;
      /** A new refresh token, which stands in the place of the one that was sent. */
      readonly refreshToken: string | undefined;
    }
  | { readonly kind: 'failure'; readonly failure: TokenFailure };

/**
 * Asks a token endpoint for an access token.
 * @param refreshToken the newest one of a user's grant
 */
export async function requestToken(
  { username, oauth2 }: { readonly username: string; readonly oauth2: OAuth2 },
  refreshToken: string,
  proxy: HttpsProxy,
): Promise<TokenAnswer> {
  // Some endpoints are asked by the name of themselves, as assertions have it.
  const server: AuthorizationServer = {
    issuer: oauth2.tokenEndpoint,
    token_endpoint: oauth2.tokenEndpoint,
  };
  const client: Client = { client_id: oauth2.clientId };
  let response: Response | undefined;
  try {
    response = await ask(server, client, username, oauth2, refreshToken, proxy);
    const answer = await processGenericTokenEndpointResponse(server, client, response);
    return {
      kind: 'token',
      accessToken: answer.access_token,
      life: answer.expires_in,
      refreshToken: answer.refresh_token,
    };
  } catch (fault) {
    return { kind: 'failure', failure: failureFrom(fault, response, oauth2, proxy) };
  }
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

async function ask(
  server: AuthorizationServer,
  client: Client,
  username: string,
  { grant, scope, tokenEndpoint, ca }: OAuth2,
  refreshToken: string,
  proxy: HttpsProxy,
): Promise<Response> {
  const options = { [customFetch]: fetchBy({ proxy, ca }), [allowInsecureRequests]: false };
  switch (grant.kind) {
    case 'user': {
      const proof = await proofOf(grant.proof, tokenEndpoint);
      const additionalParameters = { scope };
      return refreshTokenGrantRequest(server, client, proof, refreshToken, {
        ...options,
        additionalParameters,
      });
    }
    case 'application': {
      const proof = await proofOf(grant.proof, tokenEndpoint);
      return clientCredentialsGrantRequest(server, client, proof, { scope }, options);
    }
    case 'service account': {
      // developers.google.com, "Using OAuth 2.0 for server to server applications".
      const assertion = await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .setIssuer(grant.email)
        .setSubject(username)
        .setAudience(tokenEndpoint)
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(createPrivateKey(grant.key));
      // The assertion says who asks; such a client has no number of its own.
      const anonymous: ClientAuth = () => {};
      return genericTokenEndpointRequest(
        server,
        { client_id: grant.email },
        anonymous,
        JWT_BEARER,
        { assertion },
        options,
      );
    }
  }
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

function failureFrom(
  fault: unknown,
  response: Response | undefined,
  oauth2: OAuth2,
  proxy: HttpsProxy,
): TokenFailure {
  const { grant } = oauth2;
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

/** What the headers tell of time: Date, and Retry-After in either form (RFC 9110). */
function timesIn(headers: Headers, now: number) {
  const date = Date.parse(headers.get('date') ?? '');
  const wish = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(wish) ? Number(wish) : (Date.parse(wish) - now) / 1000;
  return {
    clockAhead: Number.isNaN(date) ? 0 : (date - now) / 1000,
    retryAfter: seconds > 0 ? seconds : undefined,
  };
}
