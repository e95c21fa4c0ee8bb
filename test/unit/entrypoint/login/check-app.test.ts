import { expect, test } from 'vitest';
import type { TokenAnswer } from '../../../../entrypoint/companion/tokens/endpoint.ts';
import { tokenProof } from '../../../../entrypoint/login/check-app.ts';

const token = (accessToken: string): TokenAnswer => ({
  kind: 'token',
  accessToken,
  life: 3600,
  refreshToken: undefined,
  grantLife: undefined,
});

const jwt = (claims: object): TokenAnswer =>
  token(['{"alg":"RS256"}', JSON.stringify(claims), 'signature'].map(encoded).join('.'));

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

const failure = (fault: 'client-secret' | 'consent' | 'delegation' | 'name'): TokenAnswer => ({
  kind: 'failure',
  failure: { fault, isTemporary: false, detail: 'its own words' },
});

test.each([
  ['a wrong secret', 'microsoft', failure('client-secret'), [], 'registration'],
  ['no consent', 'microsoft', failure('consent'), ['registration'], 'permission'],
  ['no network', 'microsoft', failure('name'), [], undefined],
  ['a token without a role', 'microsoft', jwt({ oid: 'o' }), ['registration'], 'permission'],
  [
    'a token with another role',
    'microsoft',
    jwt({ oid: 'o', roles: ['IMAP.AccessAsApp'] }),
    ['registration'],
    'permission',
  ],
  [
    'a token with the role',
    'microsoft',
    jwt({ oid: 'o', roles: ['SMTP.SendAsApp'] }),
    ['registration', 'permission'],
    'mailbox',
  ],
  [
    'a token that cannot be read',
    'microsoft',
    token('opaque'),
    ['registration', 'permission'],
    'mailbox',
  ],
  ['no delegation', 'google', failure('delegation'), ['key'], 'delegation'],
  ['a token of Google', 'google', token('ya29.x'), ['key', 'delegation'], 'user'],
] as const)('%s: what is proved, and what is next', (_, provider, answer, proved, next) => {
  expect(tokenProof(answer, provider)).toMatchObject({ proved, next });
});

test("the token tells the object ID that Exchange's PowerShell wants", () => {
  const { objectId } = tokenProof(jwt({ oid: 'an-id', roles: ['SMTP.SendAsApp'] }), 'microsoft');
  expect(objectId).toBe('an-id');
});
