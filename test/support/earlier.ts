import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/command.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
/** The path of our program in the image. */
export const PROGRAM = '/usr/share/hikyaku/program.js';

/** Changes of the entrypoint that lie between the earlier one and today's. */
const CHANGES = 30;

/**
 * The program of the image as an earlier commit has it, bundled as the Dockerfile does; undefined
 * where git has no such commit (a clone without its history).
 */
export async function earlierProgram(): Promise<string | undefined> {
  const git = (...args: readonly string[]): Promise<string> => run('git', ['-C', ROOT, ...args]);
  const last = ['log', '--format=%H', `--skip=${CHANGES}`, '-n1', '--', 'entrypoint'];
  const commit = (await git(...last).catch(() => '')).trim();
  if (commit === '') return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'hikyaku-test-'));
  try {
    const archive = path.join(folder, 'archive.tar');
    await git('archive', `--output=${archive}`, commit, 'entrypoint', 'package.json');
    await run('tar', ['-x', '-f', archive, '-C', folder]);
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const output = path.join(folder, 'program.js');
    await run(path.join(ROOT, 'node_modules', '.bin', 'esbuild'), [
      ...['--bundle', '--platform=node', '--format=cjs', '--target=node26'],
      ...[path.join(folder, 'entrypoint', 'main.ts'), `--outfile=${output}`],
      '--banner:js=(() => { const require = process.getBuiltinModule;',
      '--footer:js=})();',
    ]);
    return await readFile(output, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
