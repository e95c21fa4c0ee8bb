/** A stand-in for the public Debian image, made from Debian's archive. */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { run, which } from '../command.ts';
import { importImage } from '../docker/images.ts';
import type { Progress } from '../progress.ts';
import { aptInstall, needsRoot } from './apt.ts';
import { mmdebstrapArgs, publicDebian } from './base-image-plan.ts';
import type { Setting } from './setting.ts';

/** Debian's archive -> root file system -> image. */
export async function makeDebian(setting: Setting, tag: string): Promise<void> {
  const { docker, progress, cache } = setting;
  await ensureMmdebstrap(progress);
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(path.join(cache, 'debian-'));
  const task = progress.task(`making ${tag} from Debian's archive`);
  try {
    const tar = path.join(directory, 'trixie.tar');
    await run('mmdebstrap', mmdebstrapArgs(tar), { onLine: task.detail });
    await importImage(docker, createReadStream(tar), tag, ['CMD ["bash"]']);
    task.done(`made ${tag}`);
  } finally {
    task.done();
    await rm(directory, { recursive: true, force: true });
  }
}

async function ensureMmdebstrap(progress: Progress): Promise<void> {
  if ((await which('mmdebstrap', process.env['PATH'])) !== undefined) return;
  const why = 'Making a base image';
  // The keyring may be older than the Debian release that the image is made of.
  const packages = ['mmdebstrap', 'debian-archive-keyring'];
  if ((await which('apt-get', process.env['PATH'])) === undefined) {
    throw new UserError(
      `no image registry can be reached, and a stand-in for ${publicDebian} can be made on Debian and its kin only: load that image (docker load) or name another (HIKYAKU_DEBIAN_IMAGE).`,
    );
  }
  if (process.getuid?.() !== 0) throw needsRoot(why, packages);
  await aptInstall(packages, why, progress);
}
