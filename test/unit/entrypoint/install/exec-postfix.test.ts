import { expect, it } from 'vitest';
import { foreground } from '../../../../entrypoint/install/exec-postfix.ts';

it.each([
  ['process 1', 1, '1 (node) R 0 1 1 0 -1', '-i'],
  ['the leader of its process group, as tini makes it', 7, '7 (node) R 1 7 1 0 -1', '-d'],
  ['a child of a shell', 9, '9 (node) R 1 1 1 0 -1', '-s'],
  ['a program with an odd name', 9, '9 (a) 9 9 (b) R 1 1 1 0 -1', '-s'],
])('%s stays in the foreground', (_name, processId, stat, option) => {
  expect(foreground(processId, stat)).toBe(option);
});
