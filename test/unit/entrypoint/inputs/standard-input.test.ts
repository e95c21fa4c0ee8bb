import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readPiped } from '../../../../entrypoint/inputs/standard-input.ts';

const PATIENCE = { first: 30, next: 30 };

it('what is piped in is read to its end', async () => {
  const input = new PassThrough();
  input.end('one\ntwo\n');
  expect(await readPiped(input, PATIENCE)).toEqual({ text: 'one\ntwo\n', ended: true });
});

it('a pipe that is open with nothing in it is given up', async () => {
  expect(await readPiped(new PassThrough(), PATIENCE)).toBeUndefined();
});

it('a log that goes on is used as far as it came', async () => {
  const input = new PassThrough();
  input.write('one\n');
  expect(await readPiped(input, PATIENCE)).toEqual({ text: 'one\n', ended: false });
});
