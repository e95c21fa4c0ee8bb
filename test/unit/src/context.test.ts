import { expect, test } from 'vitest';
import { contextFromDockerignore, outermost } from '../../../src/docker/context.ts';

test('a .dockerignore of the allow-list form tells the entries of the context and what is left out of them', () => {
  const text = '# only this\n*\n!package.json\n!entrypoint\nentrypoint/node_modules\n\n';
  expect(contextFromDockerignore(text)).toEqual({
    entries: ['package.json', 'entrypoint'],
    exclude: ['entrypoint/node_modules'],
  });
});

test('a .dockerignore of another form is refused', () => {
  expect(() => contextFromDockerignore('node_modules\n')).toThrow('must begin with "*"');
});

test('an entry inside another one is packed once', () => {
  expect(outermost(['a/b', 'a', 'ab', '.npmrc'])).toEqual(['a', 'ab', '.npmrc']);
});
