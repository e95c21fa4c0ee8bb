import { expect, test } from 'vitest';
import { crashReport } from '../../../../entrypoint/cli/errors.ts';

const SECRET = 's3cret';

/** What a piece of code ends with. */
function faultOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (fault) {
    return fault;
  }
}

test.each([
  ['a pattern', 'SyntaxError', () => new RegExp(`(${SECRET}`)],
  ['a JSON text', 'SyntaxError', () => JSON.parse(`{${SECRET}`)],
  ['an address', 'TypeError ERR_INVALID_URL', () => new URL(SECRET)],
  ['a key', 'TypeError', () => Object.defineProperty(Object.freeze({}), SECRET, { value: 1 })],
  [
    'lines like those of a stack trace',
    'Error',
    () => {
      throw new Error(`x\n    at ${SECRET} (file:///a.ts:1:1)\n    at ${SECRET}`);
    },
  ],
])('the crash report of %s tells its kind and place, and not its text', (_, kind, run) => {
  const [first, ...frames] = crashReport(faultOf(run)).split('\n');
  expect(first).toBe(kind);
  expect(frames.join('\n')).toMatch(/crash-report\.test\.ts/);
  expect(frames.join('\n')).not.toContain(SECRET);
});

test('what is thrown and is no error is told by its type', () => {
  expect(crashReport(SECRET)).toBe('string');
});
