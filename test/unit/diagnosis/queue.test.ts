import { describe, expect, it } from 'vitest';
import { ageWords, countByAge, readQueue } from '../../../entrypoint/postfix/queue-entry.ts';
import { readBounces } from '../../../entrypoint/postfix/running/bounce-log.ts';
import { nameAndState } from '../../../entrypoint/postfix/running/queue-manager.ts';
import { serversOf } from '../../../entrypoint/probe/servers.ts';
import { fateAfter, fateInQueue, follow } from '../../../entrypoint/reports/fate.ts';
import { listLines } from '../../../entrypoint/reports/queue-list.ts';
import { groupByReason } from '../../../entrypoint/reports/waiting.ts';
import { settingsBy } from '../entrypoint/support/judge.ts';

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

const queue = (...lines: readonly string[]) => readQueue(`${lines.join('\n')}\n`);

describe('the list of the queue', () => {
  it('says of each message how old it is, who sent it, and why it waits; the oldest first', () => {
    const messages = queue(
      line('B', '', undefined, 'active', 4000),
      line('A', 'me@example.com', 'Connection refused'),
    );
    expect(listLines(messages, 4600)).toEqual([
      'A  1 h  2 kB  waits for the next attempt',
      '  from me@example.com to you@example.com',
      '  Connection refused',
      'B  10 min  2 kB  being delivered',
      '  a bounce to you@example.com',
    ]);
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

it('messages are counted by age, ages without a message left out', () => {
  const messages = [0, 1, 200_000].map((arrival) =>
    line(`${arrival}`, 'a@b.example', undefined, 'active', arrival),
  );
  expect(countByAge(queue(...messages), 200_100)).toEqual([
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
    groupByReason(queue(...lines), servers).map(({ server, trouble, messages }) => [
      server?.path,
      trouble,
      messages.map(({ id }) => id).join(''),
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
      ['relay', 'connection refused', 'BC'],
      ['accounts.0', 'connection refused', 'A'],
    ]);
  });

  it('are those of a backup host when the reason names it', () => {
    const reason = 'connect to two.example[192.0.2.2]:587: Connection refused';
    expect(groups(line('A', 'a@b.example', reason))).toEqual([
      ['relay.backups.0', 'connection refused', 'A'],
    ]);
  });

  it('stand together for a reason that nobody knows, whatever numbers are in it', () => {
    expect(
      groups(line('A', 'a@b.example', 'odd 12 thing'), line('B', 'a@b.example', 'odd 9 thing')),
    ).toEqual([['relay', undefined, 'AB']]);
  });
});

describe('the fate of a message', () => {
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
    expect([deferred, held, active].map((one) => one && fateInQueue(one))).toEqual([
      { kind: 'deferred', reason: 'Connection refused' },
      { kind: 'held' },
      undefined,
    ]);
  });

  it('is delivery when it has left the queue and its bounce log is empty', () => {
    expect(fateAfter(empty)).toEqual({ kind: 'delivered' });
  });

  it('is a bounce when the log holds one', () => {
    const bounces = [
      { recipient: 'you@example.com', reason: 'host mail.isp.example said: 550 5.1.1 no' },
    ];
    expect(fateAfter({ bounces: () => readBounces(LOG) })).toEqual({ kind: 'bounced', bounces });
  });

  it('is unknown without a log, and not guessed at', () => {
    expect(fateAfter(undefined)).toEqual({ kind: 'unknown' });
  });

  it('is not decided by one look that missed it', async () => {
    const looks = [[], active === undefined ? [] : [active], [], []];
    let count = 0;
    const look = async () => looks[count++] ?? [];
    expect(await follow('C', empty, look, 5_000)).toEqual({ kind: 'delivered' });
    expect(count).toBe(4);
  });
});

it.each([
  ['17 (qmgr) S 1 17 17 0', ['qmgr', 'S']],
  ['17 (a (b) c) T 1 17', ['a (b) c', 'T']],
  ['', ['', '']],
])('the state of a process: %s', (stat, read) => {
  expect(nameAndState(stat)).toEqual(read);
});
