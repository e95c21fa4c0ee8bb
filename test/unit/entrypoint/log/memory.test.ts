import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// A log and a queue may be longer than the memory beside a relay: what is told of them is counted as
// they go by. A program that kept them would end in so small a heap (megabytes).
const HEAP = ['--max-old-space-size=32', '--max-semi-space-size=1'];

const PROGRAM = new URL('long-log.ts', import.meta.url).pathname;

const told = async (what: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [...HEAP, PROGRAM, what])).stdout.trim();

test.each([
  ['status', 'to friend79999@example.com'],
  ['trace', '1 found'],
  ['queue', '100000 wait, 1 reason'],
])('%s tells of more than fits into memory', async (what, expected) => {
  expect(await told(what)).toBe(expected);
});
