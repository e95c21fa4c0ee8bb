import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { History } from '../../../../entrypoint/companion/recorder/history.ts';
import { Messages } from '../../../../entrypoint/companion/recorder/messages.ts';
import type { LogEvent } from '../../../../entrypoint/log/event.ts';
import { LogReader } from '../../../../entrypoint/log/reader.ts';

const NOW = new Date('2026-11-28T12:00:00');
const POSITION = { run: '1', file: 2, offset: 3 };

let directory: string;
let history: History;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hikyaku-'));
  history = History.open(path.join(directory, 'history', 'history.sqlite'));
});
afterEach(() => {
  history[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

const line = (time: string, program: string, text: string): string =>
  `Nov 28 ${time} linux postfix/${program}[1]: ${text}`;

/** One message to one recipient. */
const mail = (id: string, status = 'sent'): readonly string[] => [
  line('11:00:00', 'smtpd', `${id}: client=unknown[192.0.2.7]`),
  line('11:00:00', 'cleanup', `${id}: message-id=<${id}@linux>`),
  line('11:00:00', 'qmgr', `${id}: from=<Me@example.com>, size=300, nrcpt=1 (queue active)`),
  line(
    '11:00:01',
    'smtp',
    `${id}: to=<you@example.net>, orig_to=<root>, relay=mx.example.net[192.0.2.9]:25, delay=1, ` +
      `delays=0.1/0.1/0.4/0.4, dsn=2.0.0, status=${status} (250 ok)`,
  ),
];

function eventsOf(lines: readonly string[]): readonly LogEvent[] {
  const events: LogEvent[] = [];
  const reader = new LogReader(
    () => ({ hear: (event: LogEvent) => void events.push(event) }),
    () => NOW,
  );
  for (const one of lines) reader.push(one);
  return events;
}

function keep(messages: Messages, lines: readonly string[]): void {
  for (const event of eventsOf(lines)) messages.hear(event);
  messages.kept(history.keep(messages.takeChanged(), [], POSITION, [], messages.takeJoined()));
}

const waiting = (queueId: string) => history.waiting(queueId);

it('finds a message by everything that it is asked for', () => {
  keep(new Messages(waiting), [...mail('AAAAAA1'), line('11:00:02', 'qmgr', 'AAAAAA1: removed')]);
  const wanted = [
    { address: 'me@EXAMPLE.com' },
    { address: 'root' },
    { recipient: 'you@example.net' },
    { sender: 'me@example.com' },
    { client: '192.0.2.7' },
    { status: 'sent' as const },
    { id: 'AAAAAA1' },
    { id: '<AAAAAA1@linux>' },
    { since: new Date('2026-11-28T11:00:00'), until: NOW },
  ];
  for (const one of wanted) {
    const found = history.messages({ ...one, most: 10 });
    expect(found.map(({ queueId }) => queueId)).toEqual(['AAAAAA1']);
  }
  for (const other of [{ recipient: 'me@example.com' }, { status: 'bounced' as const }]) {
    expect(history.messages({ ...other, most: 10 })).toEqual([]);
  }
  expect(history.position).toEqual(POSITION);
});

it('goes on with what had not left when the recorder ended', () => {
  keep(new Messages(waiting), mail('AAAAAA2', 'deferred'));
  expect(history.messages({ status: 'deferred', most: 10 })).toHaveLength(1);
  keep(new Messages(waiting), [
    ...mail('AAAAAA2').slice(-1),
    line('11:05:00', 'qmgr', 'AAAAAA2: removed'),
  ]);
  const [message, ...others] = history.messages({ most: 10 });
  expect(others).toEqual([]);
  expect(message).toMatchObject({ status: 'sent' });
  expect(message?.events.map(({ kind }) => kind)).toEqual([
    ...['client', 'message-id', 'queued', 'attempt', 'attempt', 'removed'],
  ]);
});

it('goes on with any of thousands that wait', () => {
  const messages = new Messages(waiting);
  const ids = Array.from({ length: 3_000 }, (_, index) => `B${100_000 + index}`);
  keep(
    messages,
    ids.slice(0, 1_500).flatMap((id) => mail(id, 'deferred')),
  );
  keep(
    messages,
    ids.slice(1_500).flatMap((id) => mail(id, 'deferred')),
  );
  const sent = ids.flatMap((id) => [
    ...mail(id).slice(-1),
    line('11:05:00', 'qmgr', `${id}: removed`),
  ]);
  keep(messages, sent);
  const all = history.messages({ most: 10_000 });
  expect(all).toHaveLength(ids.length);
  expect(all.filter(({ status, events }) => status === 'sent' && events.length === 6)).toHaveLength(
    ids.length,
  );
});

it('knows which of the newest messages something was wrong with', () => {
  const messages = new Messages(waiting);
  const refused =
    'AAAAAB3: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <no@example.net>: Recipient address ' +
    'rejected: no; from=<me@example.com> to=<no@example.net> proto=ESMTP helo=<nas>';
  keep(messages, mail('AAAAAB1', 'bounced'));
  keep(messages, [...mail('AAAAAB2'), line('11:00:02', 'qmgr', 'AAAAAB2: removed')]);
  const [client = '', ...rest] = mail('AAAAAB3');
  keep(messages, [client, line('11:00:00', 'smtpd', refused), ...rest]);
  keep(messages, [line('11:00:02', 'qmgr', 'AAAAAB3: removed')]);
  const idsOf = (among: number): readonly string[] =>
    history.troubled(new Date(0), among).map(({ queueId }) => queueId);
  expect(idsOf(10)).toEqual(['AAAAAB3', 'AAAAAB1']);
  expect(idsOf(2)).toEqual(['AAAAAB3']);
});

it('takes a message under an ID that is used again for another one', () => {
  const messages = new Messages(waiting);
  keep(messages, [...mail('AAAAAA3'), line('11:00:02', 'qmgr', 'AAAAAA3: removed')]);
  keep(messages, [...mail('AAAAAA3'), line('11:00:02', 'qmgr', 'AAAAAA3: removed')]);
  expect(history.messages({ id: 'AAAAAA3', most: 10 })).toHaveLength(2);
});

it('forgets what is too old, and the oldest when the file is too large', () => {
  const messages = new Messages(waiting);
  for (let index = 0; index < 20; index += 1) keep(messages, mail(`AAAAAB${index}`));
  history.forget(new Date('2026-11-28T10:00:00'), 1);
  expect(history.messages({ most: 100 })).toHaveLength(17);
  history.forget(NOW, 2 ** 30);
  expect(history.messages({ most: 100 })).toEqual([]);
});

it('keeps all of a batch or nothing', () => {
  const [event] = eventsOf(mail('AAAAAA4'));
  const message = { id: undefined, queueId: 'AAAAAA4', start: NOW, events: event ? [event] : [] };
  const broken = { ...message, queueId: null as unknown as string };
  expect(() => history.keep([message, broken], [], POSITION)).toThrow();
  expect(history.messages({ most: 10 })).toEqual([]);
  expect(history.position).toBeUndefined();
});

it('keeps mail that is signed on its way as one message, however the batches fall', () => {
  const signed = (id: string, text: string) => line('11:00:02', 'signed/smtp', `${id}: ${text}`);
  const server = 'relay=mx.example.net[192.0.2.9]:25, delay=1, delays=0/0/0/1';
  const lines = [
    ...mail('AAAAAA3', 'deferred'),
    line('11:00:01', 'signer/smtpd', 'BBBBBB3: client=unknown[127.0.0.1], orig_queue_id=AAAAAA3'),
    line('11:00:01', 'signer/cleanup', 'BBBBBB3: message-id=<AAAAAA3@linux>'),
    line('11:00:01', 'qmgr', 'BBBBBB3: from=<me@isp.example>, size=900, nrcpt=1 (queue active)'),
    line(
      '11:00:02',
      'sign/smtp',
      'AAAAAA3: to=<you@example.net>, relay=127.0.0.1[127.0.0.1]:10026, delay=0, delays=0/0/0/0, ' +
        'dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBB3)',
    ),
    line('11:00:02', 'qmgr', 'AAAAAA3: removed'),
    signed('BBBBBB3', `to=<you@example.net>, ${server}, dsn=4.0.0, status=deferred (later)`),
  ];
  const messages = new Messages(waiting);
  for (const one of lines) keep(messages, [one]);
  for (const id of ['AAAAAA3', 'BBBBBB3']) {
    const found = history.messages({ id, most: 10 });
    expect(found).toMatchObject([{ queueId: 'AAAAAA3', status: 'deferred' }]);
  }
  expect(history.messages({ most: 10 })).toHaveLength(1);
  expect(history.messages({ sender: 'me@example.com', most: 10 })).toHaveLength(1);

  // The recorder was ended meanwhile.
  const again = new Messages(waiting);
  keep(again, [
    signed('BBBBBB3', `to=<you@example.net>, ${server}, dsn=2.0.0, status=sent (250 ok)`),
    line('11:00:09', 'qmgr', 'BBBBBB3: removed'),
  ]);
  expect(history.messages({ most: 10 })).toMatchObject([{ queueId: 'AAAAAA3', status: 'sent' }]);
  expect(waiting('BBBBBB3')).toBeUndefined();
});
