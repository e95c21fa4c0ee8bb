import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);

const text = (page: string): string => readFileSync(new URL(page, ROOT), 'utf8');

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
  expect([...japanese.keys()]).toEqual(['first run', 'docker run', 'relay.yaml']);
  for (const [name, code] of japanese) expect(code).toBe(english.get(name));
});

/** Every page that people read, by its path in the project. */
const PAGES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.md') && !/(^|\/)(node_modules|\.\w+)\//.test(path),
);

it('every page is looked at', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/settings.md']));
});

it.each(PAGES)('the links in %s lead to files', (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  const missing = links.filter((path) => !existsSync(new URL(path, new URL(page, ROOT))));
  expect(missing).toEqual([]);
});
