import { expect, it } from 'vitest';
import { hikyaku, imageTag } from '../support/builder.ts';
import { engine } from '../support/engine.ts';

// The image comes from the cache here: what a step makes is what bootstrap made.

it('build tags an image, and tells its id', async () => {
  await using image = imageTag();
  const said = await hikyaku('build', '--tag', image.tag, '--json');
  const { Id } = await (await engine()).getImage(image.tag).inspect();
  expect(JSON.parse(said)).toEqual({ tag: image.tag, id: Id });
});

it.each([
  ['a name that is none', ['--tag', 'No Name'], /refuses this: .*invalid/],
  ['an option that is none', ['--tga', 'x'], /--tag/],
  ['a base that is not there', ['--base', 'hikyaku-test/nowhere:dev'], /hikyaku-test\/nowhere/],
])('%s is told', async (_, options, words) => {
  await using image = imageTag();
  const tag = options.includes('--tag') ? [] : ['--tag', image.tag];
  await expect(hikyaku('build', ...tag, ...options)).rejects.toMatchObject({
    output: expect.stringMatching(words),
  });
});
