import { expect, it } from 'vitest';
import { endingSoon } from '../../../../entrypoint/advice/expiry.ts';
import type { Ending } from '../../../../entrypoint/settings/ending.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z') / 1000;
const DAY = 86_400;

const ending = (what: Ending['what'], days: number): Ending => ({
  what,
  name: what,
  setting: 'relay.ca_file',
  at: NOW + days * DAY,
});

it('tells of what ends within two weeks, and of what has ended, the first to end first', () => {
  const endings = [
    ending('ca-certificate', 14),
    ending('grant', 13.9),
    ending('client-secret', -0.1),
    ending('access-token', 0),
  ];
  expect(endingSoon(endings, NOW)).toMatchObject([
    { kind: 'expiry', what: 'client-secret', date: '2026-12-01', days: -1 },
    { kind: 'expiry', what: 'grant', date: '2026-12-15', days: 13 },
  ]);
});
