import { describe, expect, test } from 'vitest';
import {
  error,
  isError,
  problemLine,
  quoted,
  warning,
} from '../../../../entrypoint/messages/problem.ts';

describe('a problem', () => {
  test('is one line: how grave, where, what is wrong, what would be right', () => {
    expect(problemLine(error('RELAY_PORT', '"smpt" is not a port', 'use 587'))).toBe(
      'error: RELAY_PORT: "smpt" is not a port; use 587',
    );
    expect(problemLine(warning('a', 'b', 'c'))).toBe('warning: a: b; c');
  });

  test('is an error or a warning', () => {
    expect([isError(error('a', 'b', 'c')), isError(warning('a', 'b', 'c'))]).toEqual([true, false]);
  });
});

describe('a value in a message', () => {
  test.each([
    ['smpt', '"smpt"'],
    ['a "b"', '"a \\"b\\""'],
    ['a\nb\u001b[31m', '"a\\nb\\u001b[31m"'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(77)}..."`],
  ])('%j stands there as %s', (value, shown) => {
    expect(quoted(value)).toBe(shown);
  });
});
