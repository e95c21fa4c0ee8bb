import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  clientCredentialsGrantRequest,
  genericTokenEndpointRequest,
  refreshTokenGrantRequest,
} from 'oauth4webapi';
import type { HttpsProxy } from '../../settings/facts.ts';
import type { OAuth2 } from '../../settings/oauth2.ts';
import { askedForToken, type Endpoint, endpointOf, type TokenAnswer } from './endpoint.ts';

/**
 * Asks a token endpoint for an access token.
 * @param refreshToken the newest one of a user's grant
 */
export async function requestToken(
  { username, oauth2 }: { readonly username: string; readonly oauth2: OAuth2 },
  refreshToken: string,
  proxy: HttpsProxy,
): Promise<TokenAnswer> {
  const endpoint = await endpointOf(oauth2, proxy);
  return askedForToken(endpoint, () => ask(endpoint, username, refreshToken));
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

async function ask(
  { server, client, proof, options, oauth2: { grant, scope, tokenEndpoint } }: Endpoint,
  username: string,
  refreshToken: string,
): Promise<Response> {
  switch (grant.kind) {
    case 'user':
      return refreshTokenGrantRequest(server, client, proof, refreshToken, {
        ...options,
        additionalParameters: { scope },
      });
    case 'application':
      return clientCredentialsGrantRequest(server, client, proof, { scope }, options);
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
      return genericTokenEndpointRequest(server, client, proof, JWT_BEARER, { assertion }, options);
    }
  }
}
