/** For which operating system and architecture an image is built, and whether the engine can. */
import { CommandFailed, EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import type { Docker } from './engine.ts';

const PLATFORM = /^linux\/[a-z0-9]+(\/v[0-9]+)?$/;

/** @throws UserError when it is not of the form that the engine takes */
export function readPlatform(text: string): string {
  if (PLATFORM.test(text)) return text;
  throw new UserError(
    `"${text}" is not a platform that the image can be built for: give linux and an architecture, as in linux/amd64 or linux/arm64.`,
    EXIT.usage,
  );
}

export async function enginePlatform(docker: Docker): Promise<string> {
  const { Os, Arch } = await docker.version();
  return `${Os}/${Arch}`;
}

/** `linux/arm64/v8` is built by an engine of `linux/arm64`. */
export const samePlatform = (one: string, other: string): boolean =>
  one.split('/').slice(0, 2).join('/') === other.split('/').slice(0, 2).join('/');

/** One sentence when a build failed because the engine cannot run programs of that platform. */
export function explainForeign(error: unknown, platform: string, own: string): unknown {
  if (!(error instanceof CommandFailed)) return error;
  const isForeign = /exec format error|does not match the specified platform/i.test(error.message);
  if (!isForeign) return error;
  return new UserError(
    `this engine is ${own} and cannot run programs for ${platform}: build on a machine of that kind, or install QEMU's emulation (Debian: qemu-user-static and binfmt-support).`,
  );
}
