import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CONTAINER_VERBS, hintForHost } from '../../../src/container-verbs.ts';
import { verbs } from '../../../src/verbs/verbs.ts';

const ENTRYPOINT = new URL('../../../entrypoint/main.ts', import.meta.url).pathname;

test('every verb of the container is one of the host as well, or the host tells where it runs', () => {
  const { stdout } = spawnSync(process.execPath, [ENTRYPOINT, 'help', '--json'], {
    encoding: 'utf8',
  });
  const { verbs: inside }: { verbs: readonly { name: string }[] } = JSON.parse(stdout);
  const onHost = [...verbs.map(({ name }) => name), 'help'];
  expect(
    inside
      .map(({ name }) => name)
      .filter((name) => !onHost.includes(name))
      .toSorted(),
  ).toEqual([...CONTAINER_VERBS].toSorted());
});

test('a remedy that runs in the container is told to do so, once', () => {
  const said = ['mail waits', '  after a change: "hikyaku reload", then "hikyaku queue retry"'];
  expect(hintForHost('nas', said)).toEqual([
    '"hikyaku VERB" above means: docker exec nas hikyaku VERB',
  ]);
  expect(hintForHost('nas', ['nothing waits'])).toEqual([]);
});
