import { expect, it } from 'vitest';
import { hikyaku, imageTag } from '../support/builder.ts';
import { engine } from '../support/engine.ts';

// The image comes from the cache here: what a step makes is what bootstrap made.

it('build tags an image, and tells of it an object a line', async () => {
  await using image = imageTag();
  const said = await hikyaku('build', '--tag', image.tag, '--json');
  const events: { event: string; tag?: string; id?: string }[] = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { Id } = await (await engine()).getImage(image.tag).inspect();
  expect(events.at(-1)).toEqual({ event: 'built', tag: image.tag, id: Id });
  expect(events.map(({ event }) => event)).toContain('progress');
});

it.each([
  ['a name that is none', ['--tag', 'No Name'], 'is not a name for an image'],
  ['a platform that is none', ['--platform', 'toaster'], 'is not a platform'],
  ['an option that is none', ['--tga', 'x'], 'did you mean --tag'],
  [
    'a base that is not there',
    ['--base', 'hikyaku-test/nowhere:dev'],
    'is not here and cannot be pulled',
  ],
])('%s is told in words', async (_, options, words) => {
  await using image = imageTag();
  const tag = options.includes('--tag') ? [] : ['--tag', image.tag];
  await expect(hikyaku('build', ...tag, ...options)).rejects.toMatchObject({
    output: expect.stringMatching(new RegExp(words)),
  });
});
