/**
 * Why an endpoint gave no token. Only its own answer is read here: the error code, the text beside
 * it, and the numbers that Microsoft puts there (learn.microsoft.com, "AADSTS error codes").
 */

import type { TokenFault } from '../../advice/trouble.ts';

export interface TokenFailure {
  readonly fault: TokenFault;
  /** Whether it may pass by itself. */
  readonly isTemporary: boolean;
  /** The endpoint's or the system's own words, on one line and without secrets. */
  readonly detail: string;
  /** Seconds; what the endpoint asks for (RFC 9110 section 10.2.3). */
  readonly retryAfter?: number;
}

/** An endpoint's answer that is no token (RFC 6749 section 5.2). */
export interface ErrorAnswer {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  /** How far the endpoint's clock is ahead of ours, in seconds. */
  readonly clockAhead: number;
  readonly retryAfter?: number | undefined;
}

type Rule = readonly [fault: TokenFault, pattern: RegExp];

/** Against `error description`; the first that fits counts. */
const RULES: readonly Rule[] = [
  // Microsoft, by number.
  ['grant-ended', /AADSTS(70008|700082|700084|70043|50173|50089|70000|54005)\b/],
  ['code-ended', /AADSTS(70019|70020)\b|^expired_token\b|bad_verification_code/],
  ['declined', /AADSTS65004\b|authorization_declined/],
  ['public-client', /AADSTS(7000218|70002)\b/],
  ['secret-unwanted', /AADSTS700025\b/],
  ['malformed', /AADSTS(9002313|900144|90014|90013|90023)\b/],
  ['no-exchange', /AADSTS500011\b/],
  ['consent', /AADSTS(65001|65005|50105|90094|900941|240002)\b/],
  ['tenant', /AADSTS(90002|900023|50020|50059|50128|50194|90019|500021|90072|9001023)\b/],
  ['client-secret-ended', /AADSTS7000222\b/],
  ['client-secret', /AADSTS(7000215|7000216)\b/],
  ['clock', /AADSTS(700024|50013)\b.*(time|expired|valid)/i],
  ['client-certificate', /AADSTS(700027|700021|700023|700024|700030|50012|50013|5002730)\b/],
  ['client', /AADSTS(700016|7000112|700038|7000229)\b/],
  ['scope', /AADSTS(70011|1002012|28002|28003|650053|650057|9002325)\b/],
  [
    'sign-in',
    /AADSTS(50076|50078|50079|50158|53000|53001|53003|50072|50074|530002|530003|530035|50097)\b/,
  ],
  ['user', /AADSTS(50034|50053|50055|50056|50057|50126|51004)\b/],
  ['busy', /AADSTS(90033|50196|90006|90024|90055|90056)\b/],
  // Google, by its words.
  ['clock', /Invalid JWT: Token must be a short-lived token/],
  ['client-certificate', /Invalid JWT Signature|Invalid grant: account not found/i],
  ['user', /Invalid email or User ID|Account (has been deleted|restricted|disabled)/i],
  ['sign-in', /invalid_rapt|rapt_required/],
  ['client-secret', /invalid_client.*(Unauthorized|client secret is invalid|secret)/i],
  ['client', /deleted_client|disabled_client|OAuth client was (not found|deleted)|org_internal/i],
  [
    'delegation',
    /unauthorized_client.*(client is unauthorized|not authorized for any of the scopes)/i,
  ],
  ['declined', /^access_denied\b(?!.*\b(developer|admin|verif))/],
  ['consent', /access_denied|admin_policy_enforced|consent_required|access_not_configured/],
  // Providers that use only RFC 6749 and RFC 7009.
  ['grant-ended', /^invalid_grant\b/],
  ['client-secret', /^invalid_client\b/],
  ['client', /^unauthorized_client\b|^unsupported_grant_type\b/],
  ['scope', /^invalid_scope\b|^invalid_target\b/],
  ['sign-in', /^interaction_required\b|^login_required\b/],
  ['busy', /^temporarily_unavailable\b|^slow_down\b|^server_error\b/],
];

/** A clock that is wrong by more makes signed requests invalid. */
const MOST_SKEW = 240;

/** Faults that a wrong clock makes out of a right request. */
const BY_CLOCK: readonly TokenFault[] = ['client-certificate', 'grant-ended', 'refused', 'clock'];

/** @param isSigned whether the request had a time in it: an assertion */
export function failureOf(answer: ErrorAnswer, isSigned: boolean): TokenFailure {
  const { status, error, description, clockAhead, retryAfter } = answer;
  const text = `${error} ${description}`;
  const isBusy = status === 429 || status >= 500;
  const found = isBusy
    ? 'busy'
    : (RULES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'refused');
  const isClock = isSigned && Math.abs(clockAhead) > MOST_SKEW && BY_CLOCK.includes(found);
  const fault = isClock ? 'clock' : found;
  const time = isClock ? ` (its clock is ${Math.round(clockAhead)} s ahead of this one)` : '';
  return {
    fault,
    isTemporary: fault === 'busy',
    detail: `${oneLine(text)}${time}`,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** Node.js's codes of connection failures. */
const SYSTEM: readonly Rule[] = [
  ['name', /^(ENOTFOUND|EAI_\w+)$/],
  ['proxy', /PROXY|TUNNEL/],
  ['clock', /^CERT_NOT_YET_VALID$/],
  ['untrusted', /CERT|^SELF_SIGNED|^UNABLE_TO|^DEPTH_ZERO|^ERR_TLS/],
];

/** @param viaProxy whether a proxy stands in between: then what cannot be reached is the proxy */
export function failureOfConnection(
  code: string,
  message: string,
  viaProxy: boolean,
): TokenFailure {
  const found = SYSTEM.find(([, pattern]) => pattern.test(code))?.[0] ?? 'unreachable';
  const fault = viaProxy && (found === 'unreachable' || found === 'name') ? 'proxy' : found;
  return { fault, isTemporary: true, detail: oneLine(message || code) };
}

/** Outside text that is safe for a log; long words are removed, since they may be tokens. */
function oneLine(text: string): string {
  const printable = text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/[A-Za-z0-9_.~+/=-]{60,}/g, '***')
    .trim();
  return printable.length > 300 ? `${printable.slice(0, 297)}...` : printable;
}
