/** The images that the builds start from: the public ones where they can be had, else stand-ins. */
import process from 'node:process';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { imageId, imagePlatform, pullImage } from '../docker/images.ts';
import { samePlatform } from '../docker/platform.ts';
import { chooseBase, debianStandIn, publicDebian, publicNode } from './base-image-plan.ts';
import { hostCaBundle } from './ca-bundle.ts';
import { makeDebian } from './debian-stand-in.ts';
import { nodeFromNpm, withHostCa } from './node-stand-in.ts';
import type { Setting } from './setting.ts';

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
}

/** An engine that says nothing for so long about a pull will not say anything. */
const PULL_SILENCE_MS = 20_000;

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

/** For an architecture that is not the engine's own: no stand-in can be made for it. */
export async function foreignBaseImages(
  { docker, progress }: Setting,
  platform: string,
  { debian = publicDebian, node = publicNode }: GivenImages,
): Promise<BaseImages> {
  for (const name of [debian, node]) {
    const here = await imagePlatform(docker, name);
    if (here !== undefined && samePlatform(here, platform)) continue;
    const task = progress.task(`pulling ${name} for ${platform}`);
    const outcome = await pullImage(docker, name, PULL_SILENCE_MS, task.detail, platform);
    task.done(outcome.pulled ? `pulled ${name} for ${platform}` : undefined);
    if (outcome.pulled) continue;
    throw new UserError(
      `${name} for ${platform} cannot be pulled here (${outcome.reason}), and a stand-in can be made for the engine's own architecture only: load that image (docker load), or build where a registry answers.`,
    );
  }
  return { debian, node };
}

async function ensureDebian(
  setting: Setting,
  pull: Pull,
  given: string | undefined,
): Promise<string> {
  const { docker } = setting;
  const standIn = debianStandIn();
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicDebian)) !== undefined,
    standInHere: (await imageId(docker, standIn)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return await requireImage(setting, given ?? publicDebian);
    case 'public':
      return publicDebian;
    case 'stand-in':
      return standIn;
    case 'pull, else make a stand-in':
      if (await pull(publicDebian)) return publicDebian;
      await makeDebian(setting, standIn);
      return standIn;
  }
}

async function ensureNode(
  setting: Setting,
  pull: Pull,
  debian: string,
  given: string | undefined,
): Promise<string> {
  const { docker } = setting;
  const caBundle = await hostCaBundle(process.env);
  const standIn = await nodeFromNpm(setting, debian, caBundle);
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicNode)) !== undefined,
    standInHere: (await imageId(docker, standIn.tag)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return given ?? publicNode;
    case 'public':
      return withHostCa(setting, caBundle);
    case 'stand-in':
      return standIn.tag;
    case 'pull, else make a stand-in':
      if (await pull(publicNode)) return withHostCa(setting, caBundle);
      await standIn.make();
      return standIn.tag;
  }
}

/** The image that the user named: nothing stands in for it. */
async function requireImage({ docker, progress }: Setting, name: string): Promise<string> {
  if ((await imageId(docker, name)) !== undefined) return name;
  const task = progress.task(`pulling ${name}`);
  const outcome = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
  task.done(outcome.pulled ? `pulled ${name}` : undefined);
  if (outcome.pulled) return name;
  throw new UserError(
    `the image ${name} is not here and cannot be pulled (${outcome.reason}): load it (docker load), or name another.`,
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
    const outcome = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
    away = !outcome.pulled;
    task.done(
      outcome.pulled
        ? `pulled ${name}`
        : `${name} cannot be pulled here (${outcome.reason}): making stand-ins for the base images`,
    );
    return outcome.pulled;
  };
}
