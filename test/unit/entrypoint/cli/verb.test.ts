import { expect, test } from 'vitest';
import { EXIT, UsageError } from '../../../../entrypoint/cli/errors.ts';
import { verb, type World } from '../../../../entrypoint/cli/verb.ts';
import { verbHelp, verbList } from '../../../../entrypoint/cli/verb-help.ts';
import { VERBS } from '../../../../entrypoint/verbs/verbs.ts';
import { VERBS as HOST_VERBS } from '../../../../src/verbs/verbs.ts';

const world: World = { command: 'hikyaku', environment: {}, print: () => {}, warn: () => {} };

/** What the last call of `greet` was given. */
let got: object = {};

const greet = verb(
  {
    name: 'greet',
    words: ['WHOM', '[WHO]'],
    summary: 'Say hello.',
    options: {
      loud: { type: 'boolean', default: false, about: 'in capitals' },
      tongue: { type: 'string', value: 'TONGUE', about: 'in which language' },
    },
  },
  async ({ loud, tongue, words: [whom, who] }) => {
    got = { loud, tongue, whom, who };
    return EXIT.ok;
  },
);

test('a verb gets its options and words', async () => {
  await greet.run(['you', '--loud', 'me'], world);
  expect(got).toEqual({ loud: true, tongue: undefined, whom: 'you', who: 'me' });
});

test.each([
  [['--lout'], /--lout .*--loud\?/],
  [['--xyz'], /--xyz/],
  [['you', '-x'], /-x/],
  [['--hepl'], /--hepl .*--help\?/],
  [['--loud=piyopiyo'], /^(?!.*piyopiyo).*--loud/],
  [['--tongue'], /--tongue/],
  [['--tongue', '--loud'], /--tongue/],
  [[], /WHOM/],
  [[''], /./],
  [['you', '--tongue='], /./],
  [['you', 'me', 'them'], /"them"/],
])('%j is refused', async (words, names) => {
  const fault = await greet.run(words, world).catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(UsageError);
  expect(fault).toMatchObject({ message: expect.stringMatching(names), exitCode: EXIT.usage });
});

test.each([
  ['hikyaku', VERBS],
  ['./hikyaku', HOST_VERBS],
] as const)('the help of %s names every verb and each of its options', async (command, table) => {
  const verbs = await Promise.all(
    Object.entries(table).map(async ([name, load]) => {
      const one = await load();
      expect(one.name).toBe(name);
      return one;
    }),
  );
  const list = verbList(verbs, command).join('\n');
  for (const one of verbs) {
    expect(list).toContain(one.summary);
    const help = verbHelp(one, command).join('\n');
    for (const option of Object.keys(one.options ?? {})) expect(help).toContain(`--${option}`);
  }
});

test.each(Object.entries(VERBS))(
  '%s refuses an option and a word that it does not have',
  async (_, load) => {
    const one = await load();
    await expect(one.run(['--no-such-option'], world)).rejects.toThrow(UsageError);
    const words = [...(one.words ?? []), 'a', 'b', 'c'].map((_, at) => `word${at}`);
    await expect(one.run(words, world)).rejects.toThrow(/"word\d+"/);
  },
);
