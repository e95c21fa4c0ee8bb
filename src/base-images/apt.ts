/** Debian packages for this machine. */
import process from 'node:process';
import { CommandFailed, UserError } from '../../entrypoint/cli/errors.ts';
import { run } from '../command.ts';
import type { Progress } from '../progress.ts';

/** If set, no package is installed on this machine, and no engine is started. */
export const NO_INSTALL = 'HIKYAKU_NO_INSTALL';

/**
 * Installs packages, after saying which and why.
 *
 * @throws UserError when the user has forbidden it, or when other packages would have to go
 */
export async function aptInstall(
  packages: readonly string[],
  why: string,
  progress: Progress,
): Promise<void> {
  const names = packages.join(' ');
  if (process.env[NO_INSTALL]) {
    throw new UserError(
      `${why}, and ${NO_INSTALL} is set: install the Debian packages ${names} yourself, or unset it.`,
    );
  }
  progress.line(`${why}: installing ${packages.join(', ')} from Debian's packages`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const task = progress.task('running apt-get');
  const { detail: onLine } = task;
  // An unattended upgrade, or another one of us.
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  // docker.io conflicts with containerd.io, on which a node of a cluster may depend.
  const install = ['install', '-y', '--no-install-recommends', '--no-remove', ...packages];
  try {
    // A third-party source that is out of order must not stop us: what counts is the installation.
    await run('apt-get', [...patience, 'update'], { env, onLine }).catch(() => {});
    await run('apt-get', [...patience, ...install], { env, onLine });
  } catch (error) {
    if (error instanceof CommandFailed && /remove is disabled/.test(error.output)) {
      const gone = /REMOVED:\n((?: .*\n)+)/.exec(error.output)?.[1]?.trim() ?? 'others';
      throw new UserError(
        `Installing ${names} would remove packages of this machine (${gone}), so nothing was changed: install a Docker engine that goes with them, or name one that runs (DOCKER_HOST).`,
      );
    }
    throw error;
  } finally {
    task.done();
  }
}

export function needsRoot(what: string, packages: readonly string[]): UserError {
  return new UserError(
    `${what} needs the Debian packages ${packages.join(', ')}: install them (sudo apt-get install ${packages.join(' ')}), or run this as root.`,
  );
}
