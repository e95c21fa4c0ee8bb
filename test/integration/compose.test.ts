/** compose.yaml as it is, with the images hikyaku:dev and hikyaku-example/sender:dev. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { createProject } from '../../scripts/compose-project.ts';

test('the compose file gives a relay that takes the mail of its sender and keeps it while the provider is away', async ({
  signal,
}) => {
  const project = await createProject({
    root: path.resolve(import.meta.dirname, '..', '..'),
    name: 'hikyaku-test',
    password: 'piyopiyo',
    env: process.env,
    // A name that never resolves (RFC 6761): this mail must not leave the machine.
    settings: {
      RELAY_MYHOSTNAME: 'linux.myhome.net',
      RELAY_HOST: 'provider.invalid',
      RELAY_USERNAME: 'hoge',
      RELAY_GENERIC: '@linux.myhome.net=hoge@foo.bar.example',
      REPORT_TO: 'hoge@foo.bar.example',
    },
    signal,
  });
  try {
    await project.up('relay');
    const shown = await project.compose('run', '--rm', '--no-deps', '-T', 'sender');
    expect(shown).toContain('From: System report <root@linux.myhome.net>');

    const queue = await project.compose('exec', '-T', 'relay', 'postqueue', '-j');
    expect(queue.trim().split('\n').map(toMessage)).toMatchObject([
      { sender: 'root@linux.myhome.net', recipients: [{ address: 'hoge@foo.bar.example' }] },
    ]);
  } finally {
    await project.remove();
  }
});

/** A line of postqueue(1), option -j. */
function toMessage(line: string): unknown {
  return JSON.parse(line);
}
