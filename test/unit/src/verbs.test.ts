import { expect, test } from 'vitest';
import { help, usage, verb, type World } from '../../../src/verbs/verb.ts';
import { verbs } from '../../../src/verbs/verbs.ts';

const world: World = {
  root: '/',
  environment: {},
  stdout: process.stdout,
  print: () => {},
  warn: () => {},
};

const greet = verb(
  {
    name: 'greet',
    words: 'WHOM',
    summary: 'say hello',
    options: { loud: { type: 'boolean', default: false, about: 'in capitals' } },
  },
  async ({ loud }, words) => (loud ? words.length : -1),
);

test('a verb gets its options and words', async () => {
  expect(await greet.run(['you', '--loud', 'me'], world)).toBe(2);
});

test('an option that is mistyped is told with the help of the verb', () => {
  expect(() => greet.run(['--lout'], world)).toThrow(/--lout[\s\S]*Usage: hikyaku greet WHOM/);
});

test('a word too many is refused where a verb takes none', () => {
  const alone = verb({ name: 'alone', summary: 'be alone', options: {} }, async () => 0);
  expect(() => alone.run(['you'], world)).toThrow(/"you" is one word too many/);
});

test('every verb is in the list once, and its help names each of its options', () => {
  const names = verbs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const list = usage(verbs);
  for (const one of verbs) {
    expect(list).toContain(one.summary);
    for (const option of Object.keys(one.options)) expect(help(one)).toContain(`--${option}`);
  }
});
