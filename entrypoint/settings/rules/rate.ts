import { type Given, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';
import type { RawSettings } from '../table.ts';

/** Postfix paces deliveries by whole seconds (default_transport_rate_delay in postconf(5)). */
export function checkRate({ rate: { total } }: RawSettings, given: Given): readonly Problem[] {
  if (total === undefined || total.messages <= total.seconds) return [];
  const wrong = 'is more than one message a second, which cannot be paced';
  return [error(whereOf(given, 'rate.total'), wrong, 'use 60/m at most, or leave it out')];
}
