import { expect, test } from 'vitest';
import { UserError } from '../../../entrypoint/cli/errors.ts';
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
    words: 'WHOM [WHO]',
    summary: 'say hello',
    options: {
      loud: { type: 'boolean', default: false, about: 'in capitals' },
      tongue: { type: 'string', value: 'TONGUE', about: 'in which language' },
    },
  },
  async ({ loud }, words) => (loud ? words.length : -1),
);

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (fault) {
    return fault;
  }
}

test('a verb gets its options and words', async () => {
  expect(await greet.run(['you', '--loud', 'me'], world)).toBe(2);
});

const HELP = '; "npx hikyaku help greet" tells how it is used';

test.each([
  [['--lout'], 'there is no option --lout (did you mean --loud?)'],
  [['--xyz'], 'there is no option --xyz'],
  [['you', '-x'], 'there is no option -x'],
  [['--hepl'], 'there is no option --hepl (did you mean --help?)'],
  [['--loud=piyopiyo'], '--loud takes no value'],
  [['--tongue'], '--tongue wants a value (one that begins with "-" is given as --tongue=VALUE)'],
  [
    ['--tongue', '--loud'],
    '--tongue wants a value (one that begins with "-" is given as --tongue=VALUE)',
  ],
])('%j is told in one line, with the way to help, and ends with 64', (words, mistake) => {
  const fault = thrown(() => greet.run(words, world));
  expect(fault).toBeInstanceOf(UserError);
  expect(fault).toMatchObject({ message: `${mistake}${HELP}`, exitCode: 64 });
});

test('a word too many is refused', () => {
  const alone = verb({ name: 'alone', summary: 'be alone', options: {} }, async () => 0);
  expect(thrown(() => alone.run(['you'], world))).toMatchObject({
    message: '"you" is one word too many; "npx hikyaku help alone" tells how it is used',
    exitCode: 64,
  });
  expect(thrown(() => greet.run(['you', 'me', 'them'], world))).toMatchObject({
    message: '"them" is one word too many; "npx hikyaku help greet" tells how it is used',
  });
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
