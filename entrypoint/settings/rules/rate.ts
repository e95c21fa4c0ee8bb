import { error, type Finding } from '../finding.ts';
import type { RawSettings } from '../table.ts';

/** Postfix paces deliveries by whole seconds (default_transport_rate_delay in postconf(5)). */
export function checkRate({ rate: { total } }: RawSettings): readonly Finding[] {
  if (total === undefined || total.messages <= total.seconds) return [];
  const wrong = 'is more than one message a second, which cannot be paced';
  return [error('rate.total', wrong, 'use 60/m at most, or leave it out')];
}
