import { discoveryRequest, processDiscoveryResponse } from 'oauth4webapi';
import { asked, type Endpoint, type Failed } from '../companion/tokens/endpoint.ts';

/** The endpoints for a user's login. */
export interface Ways {
  readonly device?: string | undefined;
  readonly authorization?: string | undefined;
  /** How the provider calls itself, where its metadata were found. */
  readonly issuer?: string | undefined;
}

/** Maximum number of folders above a token endpoint. */
const MOST_FOLDERS = 6;

/**
 * The settings say it, or the provider's metadata (RFC 8414, OpenID Connect Discovery): they lie below
 * the issuer's address, whose end is somewhere in that of the token endpoint.
 */
export async function waysOf(endpoint: Endpoint): Promise<Ways | Failed> {
  const { deviceEndpoint: device, authorizationEndpoint: authorization } = endpoint.oauth2;
  if (device !== undefined || authorization !== undefined) return { device, authorization };
  for (const issuer of issuersOf(endpoint.oauth2.tokenEndpoint)) {
    for (const algorithm of ['oidc', 'oauth2'] as const) {
      const found = await metadata(issuer, algorithm, endpoint);
      if (found !== undefined) return found;
    }
  }
  return {};
}

/** `https://kc.example/realms/a/token`: /realms/a, /realms and / may be the issuer. */
export function issuersOf(tokenEndpoint: string): readonly URL[] {
  const { origin, pathname } = new URL(tokenEndpoint);
  const folders = pathname.split('/').filter(Boolean).slice(0, -1).slice(0, MOST_FOLDERS);
  return [...folders.keys(), folders.length]
    .map((length) => new URL(`${origin}/${folders.slice(0, length).join('/')}`))
    .reverse();
}

/** Undefined if this place has no metadata, so that the next one is tried. */
async function metadata(
  issuer: URL,
  algorithm: 'oidc' | 'oauth2',
  endpoint: Endpoint,
): Promise<Ways | Failed | undefined> {
  const { options, oauth2 } = endpoint;
  const looked = await asked(
    endpoint,
    () => discoveryRequest(issuer, { ...options, algorithm }),
    (response) =>
      // An answer without metadata is no failure.
      processDiscoveryResponse(issuer, response).catch(() => undefined),
  );
  // A host that is not reached has no other places either.
  if (looked.kind === 'failure') return looked;
  const { answer: found } = looked;
  // The metadata of another server does not apply to these tokens.
  if (found?.token_endpoint !== oauth2.tokenEndpoint) return undefined;
  return {
    device: found.device_authorization_endpoint,
    authorization: found.authorization_endpoint,
    issuer: found.issuer,
  };
}
