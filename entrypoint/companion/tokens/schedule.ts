/** When tokens are asked for. All times are in seconds since 1970, all lengths in seconds. */
import type { TokenFailure } from './failure.ts';

/** The state of one grant's tokens. */
export interface TokenState {
  /** The end of the token in sasl_passwd; 0: no token. */
  readonly expiresAt: number;
  /** When the next one is to be asked for. */
  readonly renewAt: number;
  /** Why the last attempt failed; absent after a success. */
  readonly failure?: Failing;
}

/** Attempts that failed, one after the other. */
export interface Failing {
  readonly failure: TokenFailure;
  readonly count: number;
  readonly since: number;
}

/** How long a token lives whose answer does not say so (RFC 6749 section 5.1: "recommended"). */
const USUAL_LIFE = 3600;

/**
 * So long before its end a token is renewed, or half of its life if that is less: attempts that fail
 * at first have time left, and ten minutes before the end there is a new one.
 */
const AHEAD = 20 * 60;

/** The state after a token came. */
export function renewed(now: number, life: number | undefined): TokenState {
  const seconds = life !== undefined && life > 0 ? life : USUAL_LIFE;
  return { expiresAt: now + seconds, renewAt: now + seconds - Math.min(AHEAD, seconds / 2) };
}

/** The first pause after an attempt that failed; each further one is twice as long. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 5 * 60;
/** If the user must act first; reload and login try again at once. */
const LONGEST_PAUSE_WAITING = 15 * 60;
/** A Retry-After of more than a day is probably misread. */
const LONGEST_WISH = 86_400;

/** The state after an attempt that failed: the next one comes later, and when the endpoint allows. */
export function failed(before: TokenState, now: number, failure: TokenFailure): TokenState {
  const count = (before.failure?.count ?? 0) + 1;
  const longest = failure.isTemporary ? LONGEST_PAUSE : LONGEST_PAUSE_WAITING;
  const pause = Math.min(FIRST_PAUSE * 2 ** (count - 1), longest);
  const wished = Math.min(failure.retryAfter ?? 0, LONGEST_WISH);
  return {
    ...before,
    renewAt: now + Math.max(pause, wished),
    failure: { failure, count, since: before.failure?.since ?? now },
  };
}

/** The state before the first request, which is due at once. */
export const UNKNOWN: TokenState = { expiresAt: 0, renewAt: 0 };

/** Whether a token is to be asked for now. */
export const isDue = ({ renewAt }: TokenState, now: number): boolean => now >= renewAt;

/** Whether the token in sasl_passwd is past its end, and is not to be sent any more. */
export const isOver = ({ expiresAt }: TokenState, now: number): boolean =>
  expiresAt > 0 && now >= expiresAt;

/** No work until the settings change. */
export const idle = (now: number): TokenState => ({ expiresAt: 0, renewAt: now + 86_400 });

/** When there is something to do next. */
export const nextTime = (states: readonly TokenState[]): number =>
  Math.min(
    ...states.map(({ renewAt, expiresAt }) =>
      expiresAt > 0 ? Math.min(renewAt, expiresAt) : renewAt,
    ),
  );
