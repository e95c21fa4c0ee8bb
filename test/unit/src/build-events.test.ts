import { describe, expect, test } from 'vitest';
import { parseBuildEvent, readBuildEvents } from '../../../src/docker/build-events.ts';

describe('an event of the build stream', () => {
  test.each([
    [
      { stream: 'Step 3/12 : RUN apt-get update \\\n && true' },
      { kind: 'step', number: 3, total: 12, instruction: 'RUN apt-get update \\\n && true' },
    ],
    [{ stream: ' ---> Using cache\n' }, { kind: 'cached' }],
    [{ stream: ' ---> Running in 3f2a\n' }, { kind: 'running' }],
    [{ stream: ' ---> 0aad5414be17\n' }, undefined],
    [{ stream: 'Successfully built 0aad5414be17\n' }, undefined],
    [{ stream: '\n' }, undefined],
    [{ stream: 'Get:1 trixie InRelease\n' }, { kind: 'output', text: 'Get:1 trixie InRelease\n' }],
    [{ stream: '\u001b[91mnpm error\u001b[0m' }, { kind: 'output', text: 'npm error' }],
    [{ aux: { ID: 'sha256:abc' } }, { kind: 'built', id: 'sha256:abc' }],
    [
      { status: 'Downloading', id: '7d63' },
      { kind: 'status', text: '7d63: Downloading' },
    ],
    [
      { errorDetail: { code: 1, message: 'it failed' }, error: 'it failed' },
      { kind: 'error', message: 'it failed' },
    ],
    [{ progressDetail: {} }, undefined],
    ['not an object', undefined],
  ])('%j is read as %j', (line, event) => {
    expect(parseBuildEvent(JSON.stringify(line))).toEqual(event);
  });
});

test('events are found wherever the network cuts the stream', async () => {
  const text = '{"stream":"é 1\\n"}\r\n{"stream":"two"}\r\n\r\n{"aux":{"ID":"sha256:abc"}}';
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    const events = await Array.fromAsync(readBuildEvents(pieces(bytes, size)));
    expect(events).toEqual([
      { kind: 'output', text: 'é 1\n' },
      { kind: 'output', text: 'two' },
      { kind: 'built', id: 'sha256:abc' },
    ]);
  }
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
