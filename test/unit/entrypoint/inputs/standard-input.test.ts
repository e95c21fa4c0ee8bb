import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readPipedLines } from '../../../../entrypoint/inputs/standard-input.ts';

const PATIENCE = { first: 30, next: 30 };

async function piped(input: PassThrough) {
  const lines: string[] = [];
  const ending = await readPipedLines(input, (line) => lines.push(line), PATIENCE);
  return { lines, ending };
}

it('what is piped in is read to its end', async () => {
  const input = new PassThrough();
  input.end('one\ntwo\n');
  expect(await piped(input)).toEqual({ lines: ['one', 'two'], ending: 'ended' });
});

it('a pipe that is open with nothing in it is given up', async () => {
  expect(await piped(new PassThrough())).toEqual({ lines: [], ending: 'nothing' });
});

it('a log that goes on is used as far as it came', async () => {
  const input = new PassThrough();
  input.write('one\n');
  expect(await piped(input)).toEqual({ lines: ['one'], ending: 'goes on' });
});

it('lines are whole, wherever the chunks were cut, and the last one needs no end', async () => {
  const input = new PassThrough();
  const bytes = Buffer.from('Grüße\nzwei');
  input.write(bytes.subarray(0, 3));
  input.end(bytes.subarray(3));
  expect(await piped(input)).toEqual({ lines: ['Grüße', 'zwei'], ending: 'ended' });
});
