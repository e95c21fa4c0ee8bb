import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { History, type NewMessage } from '../../../../entrypoint/companion/recorder/history.ts';
import { queryFor, type Wanted } from '../../../../entrypoint/companion/recorder/search.ts';
import type { LogEvent } from '../../../../entrypoint/log/event.ts';

const MESSAGES = 400;

const directory = mkdtempSync(path.join(tmpdir(), 'hikyaku-search-'));
const file = path.join(directory, 'history.sqlite');
afterAll(() => rmSync(directory, { recursive: true }));

const timeOf = (number: number): Date => new Date(1_000_000 + number * 1_000);

/** Few senders with much mail, who also write to themselves, and a new recipient now and then. */
function message(number: number): NewMessage {
  const time = timeOf(number);
  const id = `4F${number}`;
  const from = `sender${number % 3}@example.com`;
  const to =
    number % 10 === 0 ? from : `user${number % 40 === 1 ? number : number % 4}@friend.example`;
  const status = number % 50 === 7 ? 'bounced' : 'sent';
  const attempt = { kind: 'attempt', time, id, to, status } as LogEvent;
  const events: readonly LogEvent[] = [
    { kind: 'client', time, id, client: `192.0.2.${number % 5}`, login: undefined },
    { kind: 'message-id', time, id, messageId: `${number}@example.com` },
    { kind: 'queued', time, id, from, size: 1 },
    attempt,
    { kind: 'removed', time, id },
  ];
  return { id: undefined, queueId: id, start: time, events };
}

{
  using history = History.open(file);
  const all = Array.from({ length: MESSAGES }, (_, number) => message(number));
  history.keep(all, [], { run: '', file: 0, offset: 0 });
}

const database = new DatabaseSync(file, { readOnly: true });
afterAll(() => database.close());

const SEARCHES: readonly Omit<Wanted, 'most'>[] = [
  {},
  { skip: 300 },
  { status: 'bounced' },
  { client: '192.0.2.3' },
  { client: '192.0.2.9' },
  { since: timeOf(100), until: timeOf(120) },
  { address: 'Sender1@example.com' },
  { address: 'sender1@example.com', skip: 60 },
  { address: 'user41@friend.example' },
  { address: 'nobody@example.com' },
  { sender: 'sender0@example.com' },
  { recipient: 'sender0@example.com' },
  { sender: 'sender0@example.com', recipient: 'user2@friend.example' },
  { address: 'sender1@example.com', status: 'bounced' },
  { address: 'sender1@example.com', since: timeOf(200), client: '192.0.2.1' },
  { recipient: 'user3@friend.example', status: 'sent', until: timeOf(300) },
  { id: '4F77' },
  { id: '<77@example.com>' },
  { id: '4F77', address: 'sender0@example.com' },
  { id: '4F77', status: 'sent', since: timeOf(50) },
  { client: '192.0.2.3', status: 'sent' },
  { number: 5 },
];

const cases = SEARCHES.flatMap((wanted) =>
  [true, false].map((isRare) => ({ wanted: { ...wanted, most: 30 }, isRare })),
);

/** The numbers of the messages that are wanted, by going through all of them. */
function expected(wanted: Wanted): readonly (string | undefined)[] {
  const all = Array.from({ length: MESSAGES }, (_, number) => message(number)).filter(
    ({ queueId, events, start }, number) => {
      const of = <K extends LogEvent['kind']>(kind: K) =>
        events.find((event): event is Extract<LogEvent, { kind: K }> => event.kind === kind);
      const [from, attempt] = [of('queued')?.from, of('attempt')];
      const named = [queueId, `<${number}@example.com>`];
      return [
        wanted.since === undefined || start >= wanted.since,
        wanted.until === undefined || start < wanted.until,
        wanted.status === undefined || attempt?.status === wanted.status,
        wanted.client === undefined || of('client')?.client === wanted.client,
        wanted.sender === undefined || from === wanted.sender,
        wanted.recipient === undefined || attempt?.to === wanted.recipient,
        wanted.address === undefined || [from, attempt?.to].includes(wanted.address.toLowerCase()),
        wanted.id === undefined || named.includes(wanted.id),
        wanted.number === undefined || number + 1 === wanted.number,
      ].every((fits) => fits);
    },
  );
  const newestFirst = all.reverse().map(({ queueId }) => queueId);
  return newestFirst.slice(wanted.skip ?? 0, (wanted.skip ?? 0) + wanted.most);
}

it.each(cases)('finds $wanted, rare: $isRare', ({ wanted, isRare }) => {
  const { sql, values } = queryFor(wanted, () => isRare);
  const found = database.prepare(sql).all(...values);
  expect(found.map((row) => row['queue_id'])).toEqual(expected(wanted));
});

it.each(cases)(
  'does not go through all messages for $wanted, rare: $isRare',
  ({ wanted, isRare }) => {
    const { sql, values } = queryFor(wanted, () => isRare);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const steps = plan.map(({ detail }) => String(detail));
    // All of them are gone through in order, as far as a sheet needs.
    const isAll = Object.keys(wanted).every((key) => ['most', 'skip'].includes(key));
    const scans = steps.filter(
      (step) => step.startsWith('SCAN') && !(isAll && step.endsWith('messages_start')),
    );
    // A few that are named may be sorted.
    const sorts = steps.filter((step) => step.includes('TEMP B-TREE') && wanted.id === undefined);
    expect([...scans, ...sorts]).toEqual([]);
  },
);

it.each([
  [{ id: '4F77', status: 'sent', since: timeOf(50), client: '192.0.2.2' }, 'queue_id'],
  [{ client: '192.0.2.3', status: 'sent' }, 'messages_client'],
  [{ sender: 'sender0@example.com', status: 'bounced' }, 'messages_status'],
] as const)('asks for %j by what names fewest', (wanted, index) => {
  const { sql, values } = queryFor({ ...wanted, most: 30 }, () => false);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  const used = plan.flatMap(({ detail }) => /INDEX (messages_\w+)/.exec(String(detail))?.[1] ?? []);
  expect(used[0]).toContain(index);
});
