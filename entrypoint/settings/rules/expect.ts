import { error, type Finding, say, setting } from '../finding.ts';
import type { RawSettings } from '../table.ts';

/** Whoever expects mail has to say whose, and whom to tell. */
export function checkExpect({ expect, alerts }: RawSettings): readonly Finding[] {
  const nameless = expect.flatMap(({ sender, client }, index) =>
    sender === undefined && client === undefined
      ? [error(`expect.${index}.sender`, 'is missing', 'add "sender: ..." or "client: ..." here')]
      : [],
  );
  if (expect.length === 0 || (alerts.to ?? []).length > 0) return nameless;
  const right = say`give ${setting('alerts.to')} too`;
  return [...nameless, error('expect.0.every', 'needs an address for its alerts', right)];
}
