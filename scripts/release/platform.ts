/** Images for another architecture than the engine's own. */
import { CommandFailed, UserError } from '../../entrypoint/cli/errors.ts';
import { publicDebian, publicNode } from '../../src/base-images/base-image-plan.ts';
import {
  type BaseImages,
  type GivenImages,
  PULL_SILENCE_MS,
} from '../../src/base-images/base-images.ts';
import type { Setting } from '../../src/base-images/setting.ts';
import type { Docker } from '../../src/docker/engine.ts';
import { imageRecord, pullImage } from '../../src/docker/images.ts';

/** As `linux/amd64`. */
export async function enginePlatform(docker: Docker): Promise<string> {
  const { Os, Arch } = await docker.version();
  return `${Os}/${Arch}`;
}

/** The base images of an architecture; no stand-in can be made for it. */
export async function foreignBaseImages(
  { docker, progress }: Setting,
  platform: string,
  { debian = publicDebian, node = publicNode }: GivenImages,
): Promise<BaseImages> {
  for (const name of [debian, node]) {
    const here = await imageRecord(docker, name);
    if (`${here?.Os}/${here?.Architecture}` === platform) continue;
    const task = progress.task(`pulling ${name} for ${platform}`);
    const reason = await pullImage(docker, name, PULL_SILENCE_MS, task.detail, platform);
    task.done(reason === undefined ? `pulled ${name} for ${platform}` : undefined);
    if (reason === undefined) continue;
    throw new UserError(
      `${name} for ${platform} cannot be pulled here (${reason}), and a stand-in can be made for the engine's own architecture only: load that image (docker load), or build where a registry answers.`,
    );
  }
  return { debian, node };
}

/** One sentence when a build failed because the engine cannot run programs of that platform. */
export function explainForeign(error: unknown, platform: string, own: string): unknown {
  if (!(error instanceof CommandFailed)) return error;
  const isForeign = /exec format error|does not match the specified platform/i.test(error.message);
  if (!isForeign) return error;
  return new UserError(
    `this engine is ${own} and cannot run programs for ${platform}: build on a machine of that kind, or install QEMU's emulation (Debian: qemu-user-static and binfmt-support).`,
  );
}
