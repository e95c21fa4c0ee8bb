/** Ends within two weeks, as trouble. Pure; alerts, status and page use it. */
import type { Ending } from '../settings/ending.ts';
import type { ExpiryTrouble } from './trouble.ts';

const DAY = 86_400;

/** How long before the end it counts as trouble. */
const SOON = 14 * DAY;

/**
 * What ends within two weeks or has ended, the first to end first. An access token is no matter for
 * anybody: it is renewed by itself, and trouble of its own says when it is not.
 * @param now seconds since 1970
 */
export const endingSoon = (endings: readonly Ending[], now: number): readonly ExpiryTrouble[] =>
  endings
    .filter(({ what, at }) => what !== 'access-token' && at - now < SOON)
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ what, name, setting, at }) => {
      if (what === 'access-token') return [];
      const date = new Date(at * 1000).toISOString().slice(0, 10);
      const days = Math.floor((at - now) / DAY);
      return [{ kind: 'expiry', what, name, setting, date, days } as const];
    });
