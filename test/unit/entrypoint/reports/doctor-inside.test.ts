import { expect, it } from 'vitest';
import type { QueuedMessage } from '../../../../entrypoint/postfix/queue-entry.ts';
import { clockFinding, queueFinding } from '../../../../entrypoint/reports/doctor/inside.ts';

it('a clock that is older than the image is wrong', () => {
  const built = new Date('2026-06-01');
  expect(clockFinding(new Date('2026-06-02'), built).state).toBe('ok');
  expect(clockFinding(new Date('1970-01-02'), built).state).toBe('wrong');
});

const message = (queue: string, arrival: number): QueuedMessage => ({
  id: 'A',
  queue,
  arrival,
  size: 1,
  sender: '',
  recipients: [{ address: 'you@Example.com', reason: undefined }],
});

it.each([
  ['empty', [], 'ok'],
  ['with mail that waits for its next attempt', [message('deferred', 0)], 'note'],
  ['with mail that has just come in', [message('incoming', 950)], 'note'],
  ['with mail that nobody has looked at for minutes', [message('incoming', 700)], 'wrong'],
])('a queue %s is judged %3$s', (_, messages, state) => {
  expect(queueFinding(messages, new Date(1_000_000)).state).toBe(state);
});
