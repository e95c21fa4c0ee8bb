/**
 * The build arguments of a release: version, commit, and where it came from. The date is that of the
 * commit, so that the same commit makes the same labels.
 *
 *     node scripts/release/build-args.ts     prints NAME=VALUE lines, for docker build
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { ownVersion } from './versions.ts';

/** @param env GitHub's variables name the repository; without them SOURCE stays empty */
export function releaseArgs(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const seconds = Number(git('show', '--no-patch', '--format=%ct', 'HEAD'));
  return {
    VERSION: ownVersion(root),
    REVISION: git('rev-parse', 'HEAD'),
    SOURCE: server === undefined || repository === undefined ? '' : `${server}/${repository}`,
    CREATED: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const args = Object.entries(releaseArgs(root, process.env));
  console.log(args.map(([name, value]) => `${name}=${value}`).join('\n'));
}
