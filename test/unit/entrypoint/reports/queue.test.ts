import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../../../entrypoint/advice/foreign/delivery.ts';
import {
  ageWords,
  type QueuedMessage,
  readQueueLine,
} from '../../../../entrypoint/postfix/queue-entry.ts';
import { readBounces } from '../../../../entrypoint/postfix/running/bounce-log.ts';
import { nameAndState } from '../../../../entrypoint/postfix/running/queue-manager.ts';
import { type Server, serversOf } from '../../../../entrypoint/probe/servers.ts';
import { listLines } from '../../../../entrypoint/reports/queue-lines.ts';
import { QueueSummary } from '../../../../entrypoint/reports/status/queue-summary.ts';
import {
  follow,
  outcomeAfter,
  outcomeInQueue,
} from '../../../../entrypoint/reports/test/follow.ts';
import { settingsBy } from '../support/judge.ts';

const line = (id: string, sender: string, reason?: string, queue = 'deferred', arrival = 1000) =>
  JSON.stringify({
    queue_name: queue,
    queue_id: id,
    arrival_time: arrival,
    message_size: 2000,
    forced_expire: false,
    sender,
    recipients: [{ address: 'you@example.com', ...(reason && { delay_reason: reason }) }],
  });

const queue = (...lines: readonly string[]) => lines.flatMap((one) => readQueueLine(one) ?? []);

describe('the list of the queue', () => {
  it('says of each message how old it is, who sent it, and why it waits; the oldest first', () => {
    const messages = queue(
      line('B', '', undefined, 'active', 4000),
      line('A', 'me@example.com', 'Connection refused'),
    );
    expect(listLines(messages, 4600)).toMatchInlineSnapshot(`
      [
        "A  1 h  2 kB  waits for the next attempt",
        "  from me@example.com to you@example.com",
        "  Connection refused",
        "B  10 min  2 kB  being delivered",
        "  a bounce to you@example.com",
      ]
    `);
  });

  it('says so when it is empty', () => {
    expect(listLines(queue(), 0)).toEqual(['the queue is empty']);
  });
});

it.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [7300, '2 h'],
  [400_000, '4 d'],
])('%d seconds are %s', (seconds, words) => {
  expect(ageWords(seconds)).toBe(words);
});

function summaryOf(
  messages: readonly QueuedMessage[],
  servers: readonly Server[],
  now: number,
): QueueSummary {
  const summary = new QueueSummary(servers, readDelivery, now);
  for (const message of messages) summary.add(message);
  return summary;
}

it('messages are counted by age, ages without a message left out', () => {
  const messages = [0, 1, 200_000].map((arrival) =>
    line(`${arrival}`, 'a@b.example', undefined, 'active', arrival),
  );
  expect(summaryOf(queue(...messages), [], 200_100).byAge).toEqual([
    { age: 'under an hour', count: 1 },
    { age: 'older', count: 2 },
  ]);
});

describe('messages that wait', () => {
  const servers = serversOf(
    settingsBy(`
relay: {host: one.example, username: me, password: x, backups: [{host: two.example}]}
accounts: [{sender: "@work.example", host: three.example, username: me, password: x}]
`),
  );
  const groups = (...lines: readonly string[]) =>
    summaryOf(queue(...lines), servers, 2000).waiting.map(({ server, trouble, ids }) => [
      server?.path,
      trouble?.kind,
      ids.join(''),
    ]);

  it('stand together when trouble and server are the same, the largest group first', () => {
    expect(
      groups(
        line('A', 'me@work.example', 'connect to three.example[192.0.2.1]:587: Connection refused'),
        line('B', 'a@b.example', 'connect to one.example[192.0.2.2]:587: Connection refused'),
        line('C', 'c@d.example', 'connect to one.example[192.0.2.3]:587: Connection refused'),
        line('D', 'c@d.example', undefined, 'active'),
      ),
    ).toEqual([
      ['relay', 'connection-refused', 'BC'],
      ['accounts.0', 'connection-refused', 'A'],
    ]);
  });

  it('are those of a backup host when the reason names it', () => {
    const reason = 'connect to two.example[192.0.2.2]:587: Connection refused';
    expect(groups(line('A', 'a@b.example', reason))).toEqual([
      ['relay.backups.0', 'connection-refused', 'A'],
    ]);
  });

  it('stand together for a reason that nobody knows, whatever numbers are in it', () => {
    expect(
      groups(line('A', 'a@b.example', 'odd 12 thing'), line('B', 'a@b.example', 'odd 9 thing')),
    ).toEqual([['relay', undefined, 'AB']]);
  });
});

describe('the outcome of a message', () => {
  const [deferred, held, active] = queue(
    line('A', 'a@b.example', 'Connection refused'),
    line('B', 'a@b.example', undefined, 'hold'),
    line('C', 'a@b.example', undefined, 'active'),
  );
  const LOG = `<you@example.com>: host mail.isp.example said: 550 5.1.1 no
recipient=you@example.com
offset=600
status=5.1.1
action=failed
diag_type=smtp
diag_code=550 5.1.1 no
mta_type=dns
mta_mname=mail.isp.example
reason=host mail.isp.example said: 550 5.1.1 no

`;
  const empty = { bounces: () => [] };

  it('is open while it is delivered, and known when an attempt has failed', () => {
    expect([deferred, held, active].map((one) => one && outcomeInQueue(one))).toEqual([
      { kind: 'deferred', reason: 'Connection refused' },
      { kind: 'held' },
      undefined,
    ]);
  });

  it('is delivery when it has left the queue and its bounce log is empty', () => {
    expect(outcomeAfter(empty)).toEqual({ kind: 'delivered' });
  });

  it('is a bounce when the log holds one', () => {
    const bounces = [
      { recipient: 'you@example.com', reason: 'host mail.isp.example said: 550 5.1.1 no' },
    ];
    expect(outcomeAfter({ bounces: () => readBounces(LOG) })).toEqual({ kind: 'bounced', bounces });
  });

  it('is unknown without a log, and not guessed at', () => {
    expect(outcomeAfter(undefined)).toEqual({ kind: 'unknown' });
  });

  it('is not decided by one look that missed it', async () => {
    const looks = [undefined, 'active', undefined, undefined];
    let count = 0;
    const look = { queueOf: () => looks[count++], entryOf: async () => undefined };
    expect(await follow('C', empty, look, 5_000)).toEqual({ kind: 'delivered' });
    expect(count).toBe(4);
  });

  it('is looked up in the list only when its file says that it rests', async () => {
    const look = { queueOf: () => 'deferred', entryOf: async () => deferred };
    expect(await follow('A', empty, look, 5_000)).toEqual({
      kind: 'deferred',
      reason: 'Connection refused',
    });
  });
});

it('200,000 messages are summed up one by one', () => {
  const summary = new QueueSummary([], readDelivery, 300_000);
  const [message] = queue(line('A', 'a@b.example', 'odd thing'));
  for (let arrival = 1; arrival <= 200_000; arrival += 1) {
    if (message !== undefined) summary.add({ ...message, id: `${arrival}`, arrival });
  }
  expect(summary).toMatchObject({ total: 200_000, deferred: { count: 200_000, since: 1 } });
  expect(summary.waiting).toMatchObject([{ count: 200_000, since: 1 }]);
});

it.each([
  ['17 (qmgr) S 1 17 17 0', ['qmgr', 'S']],
  ['17 (a (b) c) T 1 17', ['a (b) c', 'T']],
  ['', ['', '']],
])('the state of a process: %s', (stat, read) => {
  expect(nameAndState(stat)).toEqual(read);
});
