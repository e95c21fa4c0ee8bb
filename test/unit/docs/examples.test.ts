import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const onDisk = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const PAGES = [
  'README.md',
  ...readdirSync(new URL('docs/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('the docs', () => {
  const quotes = PAGES.flatMap((page) =>
    [...onDisk(page).matchAll(/<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)```/g)].map(
      ([, file = '', text = '']) => ({ page, file, text }),
    ),
  );

  test('quote a tested file somewhere', () => expect(quotes).not.toEqual([]));

  test.each(quotes)('$page quotes $file as it is', ({ file, text }) => {
    expect(text).toBe(onDisk(file));
  });
});

const stacks = readdirSync(new URL('examples/', ROOT)).filter((name) =>
  existsSync(new URL(`examples/${name}/compose.yaml`, ROOT)),
);

test.each(stacks)('the example %s is in docs/situations.md and is started by a test', (name) => {
  expect(onDisk('docs/situations.md')).toContain(`](../examples/${name}/`);
  const tests = ['stacks', 'nas-on-the-lan'].map((file) =>
    onDisk(`test/integration/${file}.test.ts`),
  );
  expect(tests.join('')).toContain(`'${name}'`);
});
