import { describe, expect, test } from 'vitest';
import { declaredArgs, followBuild } from '../../../src/docker/build.ts';
import type { BuildEvent } from '../../../src/docker/build-events.ts';
import { stepReporter } from '../../../src/docker/build-progress.ts';

async function* stream(...events: readonly BuildEvent[]): AsyncGenerator<BuildEvent> {
  yield* events;
}

const step = (number: number, instruction: string): BuildEvent => ({
  kind: 'step',
  number,
  total: 2,
  instruction,
});

describe('following a build', () => {
  test('gives the id of the image', async () => {
    const events = stream(step(1, 'FROM debian'), { kind: 'built', id: 'sha256:abc' });
    expect(await followBuild('a:b', events, () => {})).toBe('sha256:abc');
  });

  test('rejects on an error event, with the output of the step that failed and of no other', async () => {
    const events = stream(
      step(1, 'RUN true'),
      { kind: 'output', text: 'all is well\n' },
      step(2, 'RUN false'),
      { kind: 'output', text: 'all is lost\n' },
      { kind: 'error', message: 'returned a non-zero code: 1' },
    );
    await expect(followBuild('a:b', events, () => {})).rejects.toMatchObject({
      message:
        'building a:b failed at step 2/2 (RUN false): returned a non-zero code: 1\nall is lost',
      output: 'all is lost',
    });
  });

  test('rejects when the stream ends without an image', async () => {
    await expect(followBuild('a:b', stream(step(1, 'RUN true')), () => {})).rejects.toThrow(
      'building a:b ended without an image',
    );
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

describe('the progress of a build', () => {
  const steps = (...events: readonly BuildEvent[]): readonly string[] => {
    const said: string[] = [];
    const report = stepReporter({ step: (text) => said.push(text), detail: () => {} });
    for (const event of events) report(event);
    return said;
  };

  test('is silent about steps that come from the cache', () => {
    expect(steps(step(1, 'FROM debian'), step(2, 'RUN true'), { kind: 'cached' })).toEqual([]);
  });

  test('is silent about steps that take no time', () => {
    expect(steps(step(2, 'EXPOSE 25'), { kind: 'running' })).toEqual([]);
  });

  test('names a step that runs', () => {
    expect(steps(step(2, 'RUN apt-get update \\\n    && true'), { kind: 'running' })).toEqual([
      '2/2 RUN apt-get update \\ && true',
    ]);
  });
});
