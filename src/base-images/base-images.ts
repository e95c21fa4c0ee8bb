/** The images that the builds start from: the public ones where they can be had, else stand-ins. */
import process from 'node:process';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { imageId, pullImage } from '../docker/images.ts';
import { debianStandIn, publicDebian, publicNode } from './base-image-plan.ts';
import { hostCaBundle } from './ca-bundle.ts';
import { makeDebian } from './debian-stand-in.ts';
import { nodeFromNpm, withHostCa } from './node-stand-in.ts';
import type { Setting } from './setting.ts';

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
}

/** The time limit for a pull without progress. */
export const PULL_SILENCE_MS = 20_000;

/** The images that the user names, if any. */
export type GivenImages = { readonly [K in keyof BaseImages]?: string | undefined };

export const givenImages = (env: Readonly<Record<string, string | undefined>>): GivenImages => ({
  debian: env['HIKYAKU_DEBIAN_IMAGE'] || undefined,
  node: env['HIKYAKU_NODE_IMAGE'] || undefined,
});

export async function ensureBaseImages(
  setting: Setting,
  given: GivenImages = givenImages(process.env),
): Promise<BaseImages> {
  const pull = puller(setting);
  const debian = await ensureDebian(setting, pull, given.debian);
  return { debian, node: await ensureNode(setting, pull, debian, given.node) };
}

async function ensureDebian(
  setting: Setting,
  pull: Pull,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return requireImage(setting, given);
  const standIn = debianStandIn();
  // An existing stand-in comes before a registry, since an unreachable registry takes half a
  // minute.
  if ((await imageId(setting.docker, publicDebian)) !== undefined) return publicDebian;
  if ((await imageId(setting.docker, standIn)) !== undefined) return standIn;
  if (await pull(publicDebian)) return publicDebian;
  await makeDebian(setting, standIn);
  return standIn;
}

async function ensureNode(
  setting: Setting,
  pull: Pull,
  debian: string,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  const caBundle = await hostCaBundle(process.env);
  const standIn = await nodeFromNpm(setting, debian, caBundle);
  const isHere = (await imageId(setting.docker, publicNode)) !== undefined;
  if (!isHere && (await imageId(setting.docker, standIn.tag)) !== undefined) return standIn.tag;
  if (isHere || (await pull(publicNode))) return withHostCa(setting, caBundle);
  await standIn.make();
  return standIn.tag;
}

/** The user's own image, without a stand-in. */
async function requireImage({ docker, progress }: Setting, name: string): Promise<string> {
  if ((await imageId(docker, name)) !== undefined) return name;
  const task = progress.task(`pulling ${name}`);
  const reason = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
  task.done(reason === undefined ? `pulled ${name}` : undefined);
  if (reason === undefined) return name;
  throw new UserError(
    `the image ${name} is not here and cannot be pulled (${reason}): load it (docker load), or name another.`,
  );
}

/** Whether the image could be pulled. */
type Pull = (name: string) => Promise<boolean>;

/** Pulls visibly. After one failure the registry is not asked again: an answer may take its time. */
function puller({ docker, progress }: Setting): Pull {
  let away = false;
  return async (name) => {
    if (away) return false;
    const task = progress.task(`pulling ${name}`);
    const reason = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
    away = reason !== undefined;
    task.done(
      away
        ? `${name} cannot be pulled here (${reason}): making stand-ins for the base images`
        : `pulled ${name}`,
    );
    return !away;
  };
}
