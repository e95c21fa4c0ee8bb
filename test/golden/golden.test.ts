import { describe, expect, test } from 'vitest';
import {
  caseNames,
  exampleNames,
  exampleOf,
  expectedOf,
  outcome,
  writeExpected,
} from './golden-case.ts';

describe('what is rendered', () => {
  test.each(caseNames())('%s', (name) => {
    const texts = outcome(name);
    const expected = expectedOf(name);
    if (expected === undefined) {
      if (process.env['UPDATE_GOLDENS'] === '1') writeExpected(name, texts);
      throw new Error(`test/golden/${name} has no reviewed expected/ (see test/golden/README.md)`);
    }
    expect(Object.keys(texts).sort()).toEqual(Object.keys(expected).sort());
    for (const [file, text] of Object.entries(texts)) {
      expect(text, `${name}/expected/${file}`).toBe(expected[file]);
    }
  });
});

test('every example is a case', () => {
  expect(caseNames().flatMap((name) => exampleOf(name) ?? [])).toEqual(exampleNames());
});
