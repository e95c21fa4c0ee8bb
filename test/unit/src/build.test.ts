import { describe, expect, test } from 'vitest';
import { BuildReader, declaredArgs } from '../../../src/docker/build.ts';

/** Reads what the classic builder says. */
function read(...streams: readonly string[]) {
  const shown: string[] = [];
  const reader = new BuildReader('a:b', (text) => shown.push(text));
  for (const stream of streams) reader.read({ stream });
  return { reader, shown };
}

describe('following a build', () => {
  test('gives the id of the image', () => {
    const { reader } = read('Step 1/2 : FROM debian\n');
    reader.read({ aux: { ID: 'sha256:abc' } });
    expect(reader.result()).toBe('sha256:abc');
  });

  test('fails with the output of the step that failed and of no other', () => {
    const { reader } = read(
      'Step 1/2 : RUN true\n',
      ' ---> Running in 3f2a\n',
      'all is well\n',
      'Removing intermediate container 3f2a\n',
      'Step 2/2 : RUN false\n',
      '\u001b[91mall is lost\n\u001b[0m',
    );
    reader.read({ error: 'returned a non-zero code: 1' });
    expect(() => reader.result()).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/2\/2 \(RUN false\).*returned a non-zero code: 1/),
        output: 'all is lost',
      }),
    );
  });

  test('fails when the engine ends without an image', () => {
    expect(() => read('Step 1/2 : RUN true\n').reader.result()).toThrow('a:b');
  });

  test('shows the steps that run and what they say, and nothing of those from the cache', () => {
    const { shown } = read(
      'Step 1/2 : FROM debian\n',
      ' ---> 0aad5414be17\n',
      'Step 2/2 : RUN true\n',
      ' ---> Running in 3f2a\n',
      'Get:1 trixie\n',
    );
    expect(shown).toEqual(['step 2/2 (RUN true)', 'Get:1 trixie\n']);
  });
});

describe('the arguments of a build', () => {
  const args = { DEBIAN_IMAGE: 'd', NODE_IMAGE: 'n', HTTPS_PROXY: 'p' };

  test.each([
    ['ARG DEBIAN_IMAGE=debian\nFROM $DEBIAN_IMAGE', { DEBIAN_IMAGE: 'd', HTTPS_PROXY: 'p' }],
    ['arg NODE_IMAGE\nARG OTHER=1', { NODE_IMAGE: 'n', HTTPS_PROXY: 'p' }],
    ['FROM scratch\n# ARG NODE_IMAGE', { HTTPS_PROXY: 'p' }],
  ])('of %j are those it declares, and proxies', (dockerfile, expected) => {
    expect(declaredArgs(dockerfile, args)).toEqual(expected);
  });
});
