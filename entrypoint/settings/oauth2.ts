import type { Facts } from './facts.ts';
import type { RawOAuth2 } from './table.ts';

/** How a program proves to the token endpoint which one it is (RFC 6749 section 2.3, RFC 7523). */
export type ClientProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly secret: string }
  /** Both in PEM form. */
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string };

/** On whose behalf tokens are asked for, and by which grant. */
export type Grant =
  /** A user who agreed once (RFC 6749 section 6). No token: `hikyaku login` brings the first. */
  | {
      readonly kind: 'user';
      readonly proof: ClientProof;
      readonly refreshToken: string | undefined;
    }
  /** The application by itself (RFC 6749 section 4.4). */
  | { readonly kind: 'application'; readonly proof: ClientProof }
  /** Google's service account, in the name of a user (RFC 7523 section 2.1). */
  | { readonly kind: 'service account'; readonly email: string; readonly key: string };

/** The source of access tokens for a login. */
export interface OAuth2 {
  readonly provider: OAuth2Provider | undefined;
  readonly tokenEndpoint: string;
  /** Endpoints of a user's login (RFC 8628, RFC 6749 section 3.1), only for `hikyaku login`. */
  readonly deviceEndpoint?: string;
  readonly authorizationEndpoint?: string;
  readonly scope: string;
  /** For a service account its unique ID: tokens do not need it, but its administrator does. */
  readonly clientId: string;
  readonly grant: Grant;
  /** Certificates (PEM) that the endpoint may have, beside the well-known ones; else empty. */
  readonly ca: string;
}

export type OAuth2Provider = 'microsoft' | 'google';
export type GrantKind = Grant['kind'];

interface Endpoints {
  readonly token: (tenant: string) => string;
  readonly device?: (tenant: string) => string;
  readonly authorization: (tenant: string) => string;
  readonly userScope: string;
  readonly applicationScope: string;
}

/** Both providers' own documentation (learn.microsoft.com, developers.google.com). */
const OAUTH2_PROVIDERS: Readonly<Record<OAuth2Provider, Endpoints>> = {
  microsoft: {
    token: (tenant) => `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    device: (tenant) => `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/devicecode`,
    authorization: (tenant) => `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
    userScope: 'https://outlook.office.com/SMTP.Send offline_access',
    applicationScope: 'https://outlook.office365.com/.default',
  },
  google: {
    token: () => 'https://oauth2.googleapis.com/token',
    authorization: () => 'https://accounts.google.com/o/oauth2/v2/auth',
    userScope: 'https://mail.google.com/',
    applicationScope: 'https://mail.google.com/',
  },
};

/** Tenants that stand for many (learn.microsoft.com, "Endpoints"): no application can log in there. */
export const SHARED_TENANTS: readonly string[] = ['common', 'organizations', 'consumers'];

/** Which grant is meant follows from what was given. */
export function grantKind(raw: RawOAuth2): GrantKind {
  if (raw.service_account_file !== undefined) return 'service account';
  if (raw.refresh_token !== undefined || raw.provider === 'google') return 'user';
  if (raw.device_endpoint !== undefined || raw.authorization_endpoint !== undefined) return 'user';
  const hasProof = raw.client_secret !== undefined || raw.certificate_file !== undefined;
  return hasProof ? 'application' : 'user';
}

/** The required fields of Google's file for a service account. */
interface ServiceAccount {
  readonly client_email: string;
  /** The account's unique ID. */
  readonly client_id: string;
  readonly private_key: string;
}

const textOf = ({ oauth2Files }: Facts, path: string | undefined): string => {
  const file = oauth2Files?.get(path ?? '');
  return file !== undefined && 'text' in file ? file.text : '';
};

function proofOf(raw: RawOAuth2, facts: Facts): ClientProof {
  if (raw.client_secret !== undefined) return { kind: 'secret', secret: raw.client_secret };
  if (raw.certificate_file === undefined) return { kind: 'none' };
  const certificate = textOf(facts, raw.certificate_file);
  return { kind: 'certificate', certificate, key: textOf(facts, raw.key_file) };
}

function serviceAccountOf(raw: RawOAuth2, facts: Facts): Partial<ServiceAccount> {
  const text = textOf(facts, raw.service_account_file);
  return text === '' ? {} : JSON.parse(text);
}

function grantOf(raw: RawOAuth2, facts: Facts): Grant {
  const kind = grantKind(raw);
  switch (kind) {
    case 'user':
      return { kind, proof: proofOf(raw, facts), refreshToken: raw.refresh_token };
    case 'application':
      return { kind, proof: proofOf(raw, facts) };
    case 'service account': {
      // The edge has made sure that both are there; on the host there may be no such file.
      const { client_email: email = '', private_key: key = '' } = serviceAccountOf(raw, facts);
      return { kind, email, key };
    }
  }
}

function caOf({ caFiles }: Facts, path: string | undefined): string {
  const file = caFiles.get(path ?? '');
  return file !== undefined && 'pem' in file ? file.pem : '';
}

/** Fills in what the provider brings; undefined without `oauth2`. For settings that passed the rules. */
export function oauth2Of(
  raw: RawOAuth2,
  caFile: string | undefined,
  facts: Facts,
): OAuth2 | undefined {
  const known = raw.provider === undefined ? undefined : OAUTH2_PROVIDERS[raw.provider];
  const tenant = raw.tenant ?? 'common';
  const tokenEndpoint = raw.token_endpoint ?? known?.token(tenant);
  // Another token endpoint (a national cloud) has another place to log in, too.
  const beside = raw.token_endpoint === undefined ? known : undefined;
  const deviceEndpoint = raw.device_endpoint ?? beside?.device?.(tenant);
  const authorizationEndpoint = raw.authorization_endpoint ?? beside?.authorization(tenant);
  const isUser = grantKind(raw) === 'user';
  const scope = raw.scope ?? (isUser ? known?.userScope : known?.applicationScope);
  if (tokenEndpoint === undefined || scope === undefined) return undefined;
  return {
    provider: raw.provider,
    tokenEndpoint,
    ...(isUser && deviceEndpoint !== undefined && { deviceEndpoint }),
    ...(isUser && authorizationEndpoint !== undefined && { authorizationEndpoint }),
    scope,
    clientId: raw.client_id ?? serviceAccountOf(raw, facts).client_id ?? '',
    grant: grantOf(raw, facts),
    ca: caOf(facts, caFile),
  };
}
