import { describe, expect, test } from 'vitest';
import { failureOf, failureOfConnection } from '../../../../entrypoint/companion/tokens/failure.ts';

// What the providers answer, as their own pages and users of their libraries quote it.

const at = (status: number, error: string, description: string) =>
  failureOf({ status, error, description, clockAhead: 0 }, false).fault;

describe('an answer of Microsoft', () => {
  test.each([
    [
      'grant-ended',
      'invalid_grant',
      'AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00Z and was inactive for 90.00:00:00.',
    ],
    [
      'grant-ended',
      'invalid_grant',
      'AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    ],
    [
      'grant-ended',
      'invalid_grant',
      'AADSTS70008: The provided authorization code or refresh token has expired due to inactivity.',
    ],
    [
      'grant-ended',
      'invalid_grant',
      'AADSTS70000: The request was denied because one or more scopes requested are unauthorized or expired.',
    ],
    [
      'consent',
      'invalid_grant',
      "AADSTS65001: The user or administrator has not consented to use the application with ID '1' named 'relay'. Send an interactive authorization request for this user and resource.",
    ],
    ['consent', 'invalid_request', 'AADSTS90094: The grant requires administrator permission.'],
    [
      'tenant',
      'invalid_request',
      "AADSTS90002: Tenant 'contoso.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
    ],
    [
      'tenant',
      'invalid_request',
      "AADSTS900023: Specified tenant identifier 'contoso' is neither a valid DNS name, nor a valid external domain.",
    ],
    [
      'tenant',
      'invalid_request',
      "AADSTS50194: Application '1'(relay) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'.",
    ],
    [
      'client',
      'unauthorized_client',
      "AADSTS700016: Application with identifier '1' was not found in the directory 'Contoso'.",
    ],
    [
      'client-secret',
      'invalid_client',
      "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '1'.",
    ],
    [
      'public-client',
      'invalid_client',
      "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ],
    [
      'client-secret-ended',
      'invalid_client',
      "AADSTS7000222: The provided client secret keys for app '1' are expired. Visit the Azure portal to create new keys for your app.",
    ],
    [
      'client-certificate',
      'invalid_client',
      'AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.',
    ],
    [
      'clock',
      'invalid_client',
      'AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-28T21:00:00Z, assertion valid from 2026-11-28T22:00:00Z, expiry time of assertion 2026-11-28T22:10:00Z.',
    ],
    [
      'scope',
      'invalid_scope',
      "AADSTS70011: The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid.",
    ],
    [
      'scope',
      'invalid_scope',
      'AADSTS1002012: The provided value for scope https://outlook.office365.com/SMTP.Send is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
    ],
    [
      'sign-in',
      'invalid_grant',
      'AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access.',
    ],
    [
      'sign-in',
      'invalid_grant',
      'AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ],
    ['user', 'invalid_grant', 'AADSTS50057: The user account is disabled.'],
    [
      'user',
      'invalid_grant',
      'AADSTS50126: Error validating credentials due to invalid username or password.',
    ],
    [
      'sign-in',
      'interaction_required',
      'AADSTS50079: Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access.',
    ],
    [
      'malformed',
      'invalid_grant',
      'AADSTS9002313: Invalid request. Request is malformed or invalid.',
    ],
    [
      'malformed',
      'invalid_request',
      "AADSTS900144: The request body must contain the following parameter: 'scope'.",
    ],
    [
      'no-exchange',
      'invalid_resource',
      'AADSTS500011: The resource principal named https://outlook.office365.com was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant.',
    ],
    [
      'secret-unwanted',
      'invalid_client',
      "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ],
    [
      'consent',
      'invalid_grant',
      "AADSTS50105: Your administrator has configured the application relay ('1') to block users unless they are specifically granted access.",
    ],
    ['declined', 'access_denied', 'AADSTS65004: User declined to consent to access the app.'],
    [
      'declined',
      'authorization_declined',
      'AADSTS70018: The user declined the authorization request.',
    ],
    [
      'code-ended',
      'expired_token',
      'AADSTS70020: The provided value for the input parameter device_code is not valid. This device code has expired.',
    ],
    ['code-ended', 'invalid_grant', 'AADSTS70019: Verification code expired.'],
    ['busy', 'temporarily_unavailable', 'AADSTS90033: A transient error has occurred.'],
  ])('%s', (fault, error, description) => {
    expect(at(400, error, description)).toBe(fault);
  });
});

describe('an answer of Google', () => {
  test.each([
    ['grant-ended', 400, 'invalid_grant', 'Token has been expired or revoked.'],
    ['grant-ended', 400, 'invalid_grant', 'Bad Request'],
    [
      'clock',
      400,
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    ],
    ['client-certificate', 400, 'invalid_grant', 'Invalid JWT Signature.'],
    ['user', 400, 'invalid_grant', 'Invalid email or User ID'],
    ['sign-in', 400, 'invalid_grant', 'reauth related error (invalid_rapt)'],
    ['client-secret', 401, 'invalid_client', 'Unauthorized'],
    ['client-secret', 401, 'invalid_client', 'The provided client secret is invalid.'],
    ['client', 401, 'invalid_client', 'The OAuth client was not found.'],
    ['client', 401, 'deleted_client', 'The OAuth client was deleted.'],
    [
      'delegation',
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    ],
    ['consent', 400, 'admin_policy_enforced', ''],
    ['sign-in', 400, 'invalid_grant', 'invalid_rapt'],
    ['user', 400, 'invalid_grant', 'Account has been deleted'],
    ['declined', 400, 'access_denied', ''],
    ['consent', 403, 'access_denied', 'The developer has not given you access to this app.'],
  ])('%s', (fault, status, error, description) => {
    expect(at(status, error, description)).toBe(fault);
  });
});

describe('any answer', () => {
  test.each([
    ['busy', 503, 'HTTP 503', ''],
    ['busy', 429, 'invalid_request', 'slow down'],
    ['grant-ended', 400, 'invalid_grant', ''],
    ['client-secret', 401, 'invalid_client', ''],
    ['scope', 400, 'invalid_scope', ''],
    ['refused', 400, 'something_new', ''],
  ])('%s: %i %s', (fault, status, error, description) => {
    expect(at(status, error, description)).toBe(fault);
  });

  test('a signed request that fails with a wrong clock is the fault of the clock', () => {
    const answer = { status: 400, error: 'invalid_grant', description: '', clockAhead: -600 };
    expect(failureOf(answer, true).fault).toBe('clock');
    expect(failureOf(answer, false).fault).toBe('grant-ended');
  });

  test('is repeated on one line, and without what may be a token', () => {
    const token = 'x'.repeat(80);
    const answer = {
      status: 400,
      error: 'invalid_grant',
      description: `bad\r\n\x1b[31m ${token} `,
      clockAhead: 0,
      retryAfter: 7,
    };
    expect(failureOf(answer, false)).toEqual({
      fault: 'grant-ended',
      isTemporary: false,
      detail: 'invalid_grant bad [31m ***',
      retryAfter: 7,
    });
  });
});

describe('an endpoint that is not reached', () => {
  test.each([
    ['name', 'ENOTFOUND', false],
    ['unreachable', 'ECONNREFUSED', false],
    ['unreachable', 'ETIMEDOUT', false],
    ['proxy', 'ECONNREFUSED', true],
    ['proxy', 'ERR_PROXY_TUNNEL', true],
    ['untrusted', 'SELF_SIGNED_CERT_IN_CHAIN', false],
    ['untrusted', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
    ['untrusted', 'ERR_TLS_CERT_ALTNAME_INVALID', false],
    ['clock', 'CERT_NOT_YET_VALID', false],
  ])('%s: %s', (fault, code, viaProxy) => {
    expect(failureOfConnection(code, 'message', viaProxy)).toMatchObject({
      fault,
      isTemporary: true,
    });
  });
});
