/** Debian packages for this machine. */

import { UserError } from '../../entrypoint/cli/errors.ts';
import { run } from '../command.ts';
import type { Progress } from '../progress.ts';

/** Installs packages, after saying which and why. */
export async function aptInstall(
  packages: readonly string[],
  why: string,
  progress: Progress,
): Promise<void> {
  progress.line(`${why}: installing ${packages.join(', ')} from Debian's packages`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const task = progress.task('running apt-get');
  const onLine = (line: string): void => task.detail(line);
  // Another apt-get, an unattended upgrade for instance, may hold the lock for a while.
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  try {
    // A third-party source that is out of order must not stop us: what counts is the installation.
    const update = run('apt-get', [...patience, 'update'], { env, onLine }).catch(() => {});
    await update;
    await run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', ...packages], {
      env,
      onLine,
    });
  } finally {
    task.done();
  }
}

export function needsRoot(what: string, packages: readonly string[]): UserError {
  return new UserError(
    `${what} needs the Debian packages ${packages.join(', ')}: install them (sudo apt-get install ${packages.join(' ')}), or run this as root.`,
  );
}
