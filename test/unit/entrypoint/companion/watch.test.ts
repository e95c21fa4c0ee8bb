import { expect, it } from 'vitest';
import { readDelivery } from '../../../../entrypoint/advice/foreign/delivery.ts';
import {
  bounceConcerns,
  diskConcerns,
  guessingConcerns,
  isExpected,
  missingConcerns,
  waitingConcerns,
} from '../../../../entrypoint/companion/alerts/watch.ts';
import { WaitingGroups } from '../../../../entrypoint/reports/status/waiting.ts';

const NOW = 1_800_000_000;

/** The queue as the reasons make it, each mail so many seconds old. */
function waiting(...mails: readonly (readonly [age: number, reason: string])[]) {
  const groups = new WaitingGroups([], readDelivery);
  for (const [index, [age, reason]] of mails.entries()) {
    const message = { id: `A${index}`, queue: 'deferred', arrival: NOW - age, size: 1 };
    groups.add({ ...message, sender: 'me@example.com', recipients: [] }, reason);
  }
  return groups.all;
}

const TIMED_OUT = 'connect to mail.isp.example[192.0.2.1]:587: Connection timed out';
const REFUSED =
  'SASL authentication failed; server mail.isp.example[192.0.2.1] said: 535 5.7.8 Error: authentication failed';

it('tells of mail that has waited long enough, with cause and remedy', () => {
  expect(waitingConcerns(waiting([100, TIMED_OUT]), 1800, NOW)).toEqual([]);
  const [concern] = waitingConcerns(waiting([100, TIMED_OUT], [7200, TIMED_OUT]), 1800, NOW);
  expect(concern).toMatchObject({
    kind: 'mail-waits',
    title: expect.stringMatching(/^2 mails .*2 h/),
    text: expect.stringContaining('\n'),
    facts: { count: 2, seconds: 7200 },
  });
});

it('tells of a refused login at once', () => {
  const [concern] = waitingConcerns(waiting([1, REFUSED]), 1800, NOW);
  expect(concern?.facts).toMatchObject({ trouble: 'password' });
});

it.each([
  ['plenty', 100e9, 50e9, 0],
  ['a tenth', 1e9, 99e6, 1],
  ['two gigabytes of many', 1e12, 2e9, 0],
  ['half a gigabyte of many', 1e12, 0.5e9, 1],
])('judges the room on the disk: %s', (_what, size, free, count) => {
  expect(diskConcerns(size, free)).toHaveLength(count);
});

it('tells slips of a finger from guessing, by address and by name', () => {
  const from = (client: string, login: string, count: number) =>
    Array.from({ length: count }, () => ({ client, login }));
  const concerns = guessingConcerns([
    ...from('192.0.2.7', 'printer', 3),
    ...from('192.0.2.8', 'scanner', 20),
    ...Array.from({ length: 20 }, (_, at) => ({ client: `192.0.2.${at + 10}`, login: 'nas' })),
  ]);
  expect(concerns.map(({ key }) => key)).toEqual(['guessing:192.0.2.8', 'guessing-of:nas']);
});

it('tells how much mail came back, and why the last did', () => {
  expect(bounceConcerns([])).toEqual([]);
  const bounced = [
    { to: 'a@example.net', reason: 'first' },
    { to: 'b@example.net', reason: 'last' },
  ];
  expect(bounceConcerns(bounced)[0]?.facts).toEqual({
    count: 2,
    to: 'b@example.net',
    reason: 'last',
  });
});

it('tells of mail that should have come', () => {
  const expected = { sender: '@home.example', client: '192.0.2.7', every: 3600, failed: [] };
  expect(missingConcerns([{ expected, last: NOW - 3000 }], NOW)).toEqual([]);
  const [concern] = missingConcerns([{ expected, last: NOW - 7200 }], NOW);
  expect(concern).toMatchObject({ kind: 'mail-missing', title: expect.stringContaining('2 h') });
});

it.each([
  [{ from: 'NAS@home.example', client: '192.0.2.7' }, true],
  [{ from: 'nas@home.example', client: '192.0.2.8' }, false],
  [{ from: 'nas@away.example', client: '192.0.2.7' }, false],
  [{ from: 'nas@home.example', client: undefined }, false],
])('knows whether %o is expected', (message, is) => {
  const expected = { sender: '@home.example', client: '192.0.2.7', every: 3600, failed: [] };
  expect(isExpected(expected, message)).toBe(is);
});
