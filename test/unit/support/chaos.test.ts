import { expect, it } from 'vitest';
import { appointmentWords, drawSchedule } from '../../support/chaos.ts';

it('the same seed draws the same schedule', () => {
  expect(drawSchedule(7, 1000, 50)).toEqual(drawSchedule(7, 1000, 50));
  expect(drawSchedule(8, 1000, 50)).not.toEqual(drawSchedule(7, 1000, 50));
});

it('mishaps are in order and end before the messages do', () => {
  const times = drawSchedule(7, 1000, 50).map(({ after }) => after);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.length).toBeGreaterThan(10);
  expect(times.at(-1)).toBeLessThan(1000);
});

it('no mishap makes a provider refuse a message for good', () => {
  const rules = drawSchedule(7, 100_000, 50).flatMap(({ mishap }) =>
    mishap.kind === 'provider' ? mishap.rules : [],
  );
  expect(rules.length).toBeGreaterThan(500);
  expect(rules.filter(({ reply }) => reply?.startsWith('5'))).toEqual([]);
});

it('a mishap is told in a line', () => {
  const rules = [
    { at: 'body', action: 'vanish', probability: 0.3 },
    { at: 'end-of-data', action: 'hang', keep: true },
    { at: 'mail', reply: '451 4.3.2 later', delay_ms: 5 },
  ] as const;
  expect(appointmentWords({ after: 3, mishap: { kind: 'provider', rules } })).toBe(
    'after 3: provider: 30 % at body vanish; 100 % at end-of-data hang but keep it; 100 % at mail wait 5 ms 451',
  );
  expect(appointmentWords({ after: 9, mishap: { kind: 'relay', what: 'kill' } })).toBe(
    'after 9: relay: kill',
  );
});
