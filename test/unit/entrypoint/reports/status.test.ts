import { describe, expect, it } from 'vitest';
import { wrongHere } from '../../../../entrypoint/reports/doctor/diagnosis.ts';
import { containerName } from '../../../../entrypoint/reports/pipe.ts';
import { QueueSummary } from '../../../../entrypoint/reports/status/queue-summary.ts';
import { statusLines as lines } from '../../../../entrypoint/reports/status/status-lines.ts';
import {
  type QueueReport,
  type StatusReport,
  verdictOn,
} from '../../../../entrypoint/reports/status/status-report.ts';
import { sayIn, variableNames, words } from '../../../../entrypoint/settings/naming/sentence.ts';

const statusLines = (shown: StatusReport, container?: string) =>
  lines(shown, sayIn(variableNames), container);

const WAITING = {
  count: 2,
  ids: ['A', 'B'],
  server: 'relay host [mail.isp.example]:587',
  oldest: 7_300,
  reason: 'no mechanism available',
  trouble: { kind: 'mechanisms' },
  cause: words`no way of logging in`,
  remedy: words`look at it`,
  findings: [],
} as const;

const OK = { state: 'ok', count: 0, seconds: 0 } as const;

const report = (
  queue: Partial<QueueReport>,
  verdict: StatusReport['verdict'] = OK,
): StatusReport => ({
  verdict,
  version: '3.10.5',
  running: true,
  programsAway: [],
  tableTypes: ['lmdb', 'hash'],
  mapType: 'lmdb',
  parameters: ['myhostname = relay.example', 'smtp_helo_timeout = 77s'],
  overrides: ['smtp_helo_timeout'],
  policy: ['mail goes to: [mail.isp.example]:587'],
  certificate: null,
  expiring: [],
  tokens: [],
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
    'OK: nothing waits',
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
  const stuck = { state: 'stuck', count: 2, seconds: 7_300 } as const;
  const shown = statusLines(report({ total: 2, byAge, waiting: [WAITING] }, stuck));
  expect(shown[0]).toBe('STUCK: 2 mails for 2 h');
  expect(shown.slice(6)).toMatchInlineSnapshot(`
    [
      "queue: 2 messages (2 under a day)",
      "  2 messages for relay host [mail.isp.example]:587, the oldest for 2 h: no way of logging in",
      "    -> look at it",
      "    Postfix says: no mechanism available",
      "after a change: "hikyaku reload" (or a new container), then "hikyaku queue retry"",
    ]
  `);
});

it('what the server itself was found to say stands in the place of the general remedy', () => {
  const trouble = { kind: 'mechanisms', offered: ['XOAUTH2'], usable: [] } as const;
  const findings = [wrongHere('relay host', trouble)];
  const lines = statusLines(report({ total: 2, waiting: [{ ...WAITING, findings }] }));
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}WRONG {2}relay host: .*XOAUTH2/));
  expect(lines).not.toContain('    -> look at it');
});

it('mail that is being delivered is told since when, and to be looked at when it takes long', () => {
  const shown = (untriedFor: number) => statusLines(report({ total: 1, untried: 1, untriedFor }));
  expect(shown(5)).toContainEqual(expect.stringMatching(/^ {2}1 .* 5 s$/));
  expect(shown(300)).toContainEqual(expect.stringMatching(/ 5 min: .*hikyaku doctor/));
});

it('mail that waits for its turn is said to, and not to be in trouble', () => {
  const pace = { messages: 60, seconds: 60 };
  const shown = statusLines(report({ total: 3, untried: 3, untriedFor: 300, pace }));
  expect(shown[0]).toMatch(/^OK: /);
  expect(shown).toContainEqual(expect.stringContaining('RELAY_RATE_TOTAL'));
});

it('a queue that Postfix does not list leaves the rest of the report', () => {
  const unknown = { state: 'unknown', count: 0, seconds: 0 } as const;
  const shown = statusLines({ ...report({}, unknown), queue: null });
  expect(shown[0]).toMatch(/^UNKNOWN: /);
  expect(shown).toContain('mail goes to: [mail.isp.example]:587');
});

describe('the verdict', () => {
  const NOW = 10_000;
  const message = (queue: string, reason: string | undefined, ageSeconds: number) => ({
    id: 'A',
    queue,
    arrival: NOW - ageSeconds,
    size: 1,
    sender: 'a@b.example',
    recipients: [{ address: 'you@example.com', reason }],
  });
  const verdict = (messages: readonly ReturnType<typeof message>[], pace = false) => {
    const summary = new QueueSummary([], () => undefined, NOW);
    for (const one of messages) summary.add(one);
    return verdictOn(summary, true, pace ? { messages: 1, seconds: 60 } : null, NOW);
  };

  it.each([
    ['nothing', [], 'ok', 0],
    ['mail that is on its way', [message('active', undefined, 20)], 'ok', 0],
    ['mail at a server that does not answer', [message('active', undefined, 90)], 'stuck', 90],
    ['mail that was put off', [message('deferred', 'no', 7200)], 'stuck', 7200],
    ['mail that somebody holds', [message('hold', undefined, 7200)], 'ok', 0],
  ])('on %s', (_, messages, state, seconds) => {
    expect(verdict(messages)).toMatchObject({ state, seconds });
  });

  it('on mail that waits for its turn is good', () => {
    expect(verdict([message('active', undefined, 900)], true).state).toBe('ok');
  });

  it('says that Postfix does not run, or does not list its queue', () => {
    expect(verdictOn(undefined, false, null, NOW).state).toBe('down');
    expect(verdictOn(undefined, true, null, NOW).state).toBe('unknown');
  });
});
