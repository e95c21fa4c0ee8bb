/**
 * How far an application has come that sends by itself. Each step is proved by a real token, by what is
 * in it, or by a real login; the first that is not proved is what somebody has to do next.
 */
import { decodeJwt } from 'jose';
import type { TokenFault, TokenTrouble } from '../advice/trouble.ts';
import type { TokenAnswer } from '../companion/tokens/endpoint.ts';
import type { OAuth2Provider } from '../settings/oauth2.ts';
import { APP_STEPS, type AppStep } from './app-steps.ts';

/** The steps that a token, or its refusal, proves. */
export interface TokenProof {
  readonly proved: readonly AppStep[];
  /** The step that is missing; undefined with trouble: the way to the endpoint is cut. */
  readonly next: AppStep | undefined;
  readonly trouble: TokenTrouble | undefined;
  /** For a login at the mail server. */
  readonly accessToken: string | undefined;
  /** The object ID of the enterprise application at Microsoft. */
  readonly objectId: string | undefined;
}

/** Exchange accepts an application's token only with this role. */
const ROLE = 'SMTP.SendAsApp';

/** Faults that no step mends: the way to the endpoint is cut, or it is out of order. */
const ELSEWHERE: readonly TokenFault[] = [
  ...(['busy', 'unreachable', 'name', 'proxy', 'untrusted', 'clock', 'not-oauth'] as const),
];

/** The faults of the second step; all others are of the first. */
const OF_SECOND: readonly TokenFault[] = ['consent', 'delegation', 'user'];

export function tokenProof(answer: TokenAnswer, provider: OAuth2Provider): TokenProof {
  const [first, second, third] = APP_STEPS[provider];
  const nothing = { accessToken: undefined, objectId: undefined };
  if (answer.kind === 'failure') {
    const { fault, detail } = answer.failure;
    const trouble: TokenTrouble = { kind: 'token', fault, detail, provider };
    if (ELSEWHERE.includes(fault)) return { ...nothing, proved: [], next: undefined, trouble };
    return OF_SECOND.includes(fault)
      ? { ...nothing, proved: [first], next: second, trouble }
      : { ...nothing, proved: [], next: first, trouble };
  }
  const { accessToken } = answer;
  const claims = provider === 'microsoft' ? claimsOf(accessToken) : undefined;
  const objectId = claims?.objectId;
  if (claims !== undefined && !claims.roles.includes(ROLE)) {
    const detail = `roles in the token: ${claims.roles.join(', ') || 'none'}`;
    const trouble: TokenTrouble = { kind: 'token', fault: 'consent', detail, provider };
    return { proved: [first], next: second, trouble, accessToken: undefined, objectId };
  }
  return { proved: [first, second], next: third, trouble: undefined, accessToken, objectId };
}

/**
 * What Microsoft's token says of its application (learn.microsoft.com, "Access token claims
 * reference"); undefined for a token that only the mail server can read.
 */
function claimsOf(accessToken: string) {
  try {
    const { roles, oid } = decodeJwt(accessToken);
    return {
      roles: Array.isArray(roles) ? roles.filter((one) => typeof one === 'string') : [],
      objectId: typeof oid === 'string' ? oid : undefined,
    };
  } catch {
    return undefined;
  }
}
