import { describe, expect, test } from 'vitest';
import type { TokenFailure } from '../../../../entrypoint/companion/tokens/failure.ts';
import {
  failed,
  isDue,
  isOver,
  nextTime,
  renewed,
  type TokenState,
  UNKNOWN,
} from '../../../../entrypoint/companion/tokens/schedule.ts';

const NOW = 1_000_000;
const failure = (more: Partial<TokenFailure> = {}): TokenFailure => ({
  fault: 'busy',
  isTemporary: true,
  detail: '',
  ...more,
});

/** The pauses after so many attempts that fail one after the other. */
function pauses(count: number, of: TokenFailure): number[] {
  let state: TokenState = UNKNOWN;
  let now = NOW;
  return Array.from({ length: count }, () => {
    state = failed(state, now, of);
    const pause = state.renewAt - now;
    now = state.renewAt;
    return pause;
  });
}

describe('a token', () => {
  test.each([
    ['an hour', 3600, 1200],
    ['a day', 86_400, 1200],
    ['half an hour', 1800, 900],
    ['thirty seconds', 30, 15],
  ])('that lives for %s is renewed in time', (_, life, ahead) => {
    const { expiresAt, renewAt } = renewed(NOW, life);
    expect(expiresAt).toBe(NOW + life);
    expect(expiresAt - renewAt).toBe(ahead);
  });

  test.each([[undefined], [0], [-5]])('whose life is %s counts for an hour', (life) => {
    expect(renewed(NOW, life).expiresAt).toBe(NOW + 3600);
  });

  test('that is not known is asked for at once', () => {
    expect(isDue(UNKNOWN, NOW)).toBe(true);
    expect(isOver(UNKNOWN, NOW)).toBe(false);
  });
});

describe('an attempt that fails', () => {
  test('is made again after pauses that grow', () => {
    expect(pauses(10, failure())).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(pauses(12, failure({ isTemporary: false })).at(-1)).toBe(900);
  });

  test('waits for as long as the endpoint asks for', () => {
    expect(pauses(2, failure({ retryAfter: 120 }))).toEqual([120, 120]);
    expect(pauses(1, failure({ retryAfter: 1e9 }))).toEqual([86_400]);
  });

  test('leaves the token that is there, to its end', () => {
    const state = failed(renewed(NOW, 3600), NOW + 2400, failure());
    expect(state.expiresAt).toBe(NOW + 3600);
    expect(isOver(state, NOW + 3599)).toBe(false);
    expect(isOver(state, NOW + 3600)).toBe(true);
  });

  test('says since when', () => {
    const state = failed(failed(UNKNOWN, NOW, failure()), NOW + 2, failure());
    expect(state.failure).toMatchObject({ since: NOW, count: 2 });
  });
});

test('the next time is the first of all grants, and the end of a token is one', () => {
  const states = [renewed(NOW, 3600), renewed(NOW, 30)];
  expect(nextTime(states)).toBe(NOW + 15);
  const failing = failed(renewed(NOW, 3600), NOW + 3500, failure({ retryAfter: 600 }));
  expect(nextTime([failing])).toBe(NOW + 3600);
});
