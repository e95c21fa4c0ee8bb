import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = (name: string): string =>
  readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

/** The code behind `<!-- example: NAME -->`, by name. */
const examplesIn = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/<!-- example: (.+?) -->\n```\w+\n([^`]+)```/g)].map(
      ([, name = '', code = '']) => [name, code],
    ),
  );

it('the Japanese README shows the very examples of the English one, which are tested', () => {
  const japanese = examplesIn(text('README.ja.md'));
  const english = examplesIn(text('README.md'));
  expect([...japanese.keys()]).toEqual(['docker run', 'relay.yaml']);
  for (const [name, code] of japanese) expect(code).toBe(english.get(name));
});

it.each(['README.ja.md', 'README.md', 'CONTRIBUTING.md'])(
  'the links in %s lead to files',
  (name) => {
    const links = [...text(name).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(0);
    for (const path of links)
      expect(() => readFileSync(new URL(`../../../${path}`, import.meta.url))).not.toThrow(
        /ENOENT/,
      );
  },
);
