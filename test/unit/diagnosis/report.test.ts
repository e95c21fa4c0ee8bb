import { expect, it } from 'vitest';
import { wrong } from '../../../entrypoint/probe/finding.ts';
import { containerName } from '../../../entrypoint/reports/pipe.ts';
import { type StatusReport, statusLines } from '../../../entrypoint/reports/status-report.ts';

const WAITING = {
  count: 2,
  ids: ['A', 'B'],
  server: 'relay host [mail.isp.example]:587',
  oldest: 7_300,
  reason: 'no mechanism available',
  cause: 'no way of logging in',
  remedy: 'look at it',
  findings: [],
};

const report = (queue: Partial<StatusReport['queue']>): StatusReport => ({
  version: '3.10.5',
  running: true,
  tableTypes: ['lmdb', 'hash'],
  mapType: 'lmdb',
  parameters: ['myhostname = relay.example', 'smtp_helo_timeout = 77s'],
  overrides: ['smtp_helo_timeout'],
  policy: ['mail goes to: [mail.isp.example]:587'],
  log: null,
  queue: {
    total: 0,
    byAge: [],
    untried: 0,
    untriedFor: 0,
    held: 0,
    pace: null,
    waiting: [],
    ...queue,
  },
});

it('the status ends in the queue, which matters most', () => {
  expect(statusLines(report({}), containerName('0123456789ab'))).toEqual([
    'Postfix 3.10.5',
    'your own Postfix parameters:',
    '  smtp_helo_timeout = 77s',
    'mail goes to: [mail.isp.example]:587',
    expect.stringContaining(
      'docker logs --since 48h 0123456789ab 2>&1 | docker exec -i 0123456789ab hikyaku status',
    ),
    'queue: empty',
  ]);
});

it('a container with a name of its own leaves it to the user what the host calls it', () => {
  expect(statusLines(report({}), containerName('relay.home.example'))).toContainEqual(
    expect.stringMatching(/-i CONTAINER hikyaku status \(CONTAINER: its name in "docker ps"\)$/),
  );
});

it('the last delivery into a mailbox is told as one', () => {
  const lastDelivery = { time: new Date(0), to: 'me@home.example', relay: 'virtual' };
  const log = { since: new Date(0), lastDelivery, bounced: [], refused: [] };
  expect(statusLines({ ...report({}), log })).toContainEqual(
    expect.stringMatching(/last delivery: .* to me@home\.example into its mailbox here$/),
  );
});

it('mail that waits is told with cause, remedy and what to do after', () => {
  const byAge = [{ age: 'under a day', count: 2 }];
  expect(statusLines(report({ total: 2, byAge, waiting: [WAITING] })).slice(5)).toEqual([
    'queue: 2 messages (2 under a day)',
    '  2 messages for relay host [mail.isp.example]:587, the oldest since 2 h: no way of logging in',
    '    -> look at it',
    '    Postfix says: no mechanism available',
    'after a change: "hikyaku reload" (or a new container), then "hikyaku queue retry"',
  ]);
});

it('what the server itself was found to say stands in the place of the general remedy', () => {
  const findings = [wrong('mechanisms', 'the server offers XOAUTH2', 'ask for an app password')];
  const lines = statusLines(report({ total: 2, waiting: [{ ...WAITING, findings }] }));
  expect(lines).toContain('    WRONG  mechanisms: the server offers XOAUTH2');
  expect(lines).toContain('           -> ask for an app password');
  expect(lines).not.toContain('    -> look at it');
});

it('mail that is being delivered for long is called that', () => {
  const lines = (untriedFor: number) => statusLines(report({ total: 1, untried: 1, untriedFor }));
  expect(lines(5)).toContain('  1 being delivered, or about to be');
  expect(lines(300)).toContain(
    '  1 being delivered, or about to be, the oldest for 5 min: "hikyaku doctor" looks for what ' +
      'holds it up',
  );
});

it('mail that waits for its turn is said to, and not to be in trouble', () => {
  const pace = { messages: 60, seconds: 60 };
  expect(statusLines(report({ total: 3, untried: 3, untriedFor: 300, pace }))).toContain(
    '  3 being delivered, or waiting for its turn: 60 in 60 s are sent on (RELAY_RATE_TOTAL)',
  );
});
