import { describe, expect, test } from 'vitest';
import { OPTIONAL_FILES } from '../../entrypoint/render/render.ts';
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

test('every file that only some cases have is known by name, so that it can be removed', () => {
  const others =
    /^(send_as_.*|sasl_passwd_.*|main\.cf|master\.cf|refused_clients|transport|server_limits|ca\d\.pem|modes|policy|problems)$/;
  const files = caseNames().flatMap((name) => Object.keys(expectedOf(name) ?? {}));
  const optional = files.filter((file) => !others.test(file));
  expect(new Set(optional)).toEqual(new Set(OPTIONAL_FILES));
});

test('every example is a case', () => {
  expect(caseNames().flatMap((name) => exampleOf(name) ?? [])).toEqual(exampleNames());
});
