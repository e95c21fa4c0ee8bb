import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../scripts/command.ts';
import { composeCommand } from '../../scripts/compose-project.ts';
import { engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';

// What README and docs show is what is tested here: the text of the examples, run as it stands.

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SECRETS = ['isp', 'user1', 'user2', 'database'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hikyaku-examples-'));
  await cp(path.join(ROOT, 'examples'), folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = (await readdir(path.join(ROOT, 'examples'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const withCompose = await Promise.all(
  examples.map(async (name) => {
    const files = await readdir(path.join(ROOT, 'examples', name));
    return files.includes('compose.yaml') ? [name] : [];
  }),
);

describe('an example with a compose file', () => {
  test.each(withCompose.flat())('%s has settings that its own relay accepts', async (name) => {
    const directory = path.join(folder, name);
    await mkdir(path.join(directory, 'secrets'));
    for (const secret of SECRETS) {
      await writeFile(path.join(directory, 'secrets', secret), 'piyopiyo\n');
    }
    const { command, args } = composeCommand(process.env['HIKYAKU_COMPOSE']);
    const compose = (...words: readonly string[]): Promise<string> =>
      run(command, [
        ...args,
        ...['--project-name', `hikyaku-example-${name}`, '--progress', 'quiet'],
        ...['--file', path.join(directory, 'compose.yaml'), ...words],
      ]);
    try {
      const shown = await compose('run', '--rm', '--no-deps', '-T', 'relay', 'check');
      expect(shown).toContain('the settings are good');
    } finally {
      await compose('down', '--volumes');
    }
  });
});

/** The code behind `<!-- example: NAME -->` in the README. */
async function exampleInReadme(name: string): Promise<string> {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const [, code] =
    new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([^\`]+)\`\`\``).exec(readme) ?? [];
  if (code === undefined) throw new Error(`the README has no example "${name}"`);
  return code;
}

test.each(['first run', 'docker run'])('"%s" of the README gives a healthy relay', async (name) => {
  const docker = await engine();
  const own = `hikyaku-readme-${process.pid}`;
  // The names are the reader's to choose; here they must not be somebody's.
  const script = (await exampleInReadme(name))
    .replaceAll('--name relay', `--name ${own}`)
    .replaceAll('--network mail ', `--network ${own} `)
    .replaceAll('network create mail', `network create ${own}`)
    .replaceAll('mail-queue:', `${own}:`);
  try {
    await run('sh', ['-eu', '-c', script]);
    // What the image's own health check asks, which Docker does only after half a minute.
    const healthy = await eventually(
      'a healthy relay',
      () => run('docker', ['exec', own, 'hikyaku', 'health']),
      { everyMs: 200 },
    );
    expect(healthy).toBe('healthy\n');
  } finally {
    await docker.getContainer(own).remove({ force: true, v: true });
    await docker.getNetwork(own).remove();
    if (script.includes(`-v ${own}:`)) await docker.getVolume(own).remove();
  }
});
